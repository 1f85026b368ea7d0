using Operations.Broker;

namespace Operations.Intake;

/// <summary>Takes what comes into the error queue: failures, and what endpoints say of their retries.</summary>
internal sealed class ErrorQueue(
    BrokerAddress broker, FailureStore store, OperationsSettings settings, ILogger<ErrorQueue> logger)
    : StoredQueue(broker, settings.ErrorQueue, settings.Prefetch, settings, logger)
{
    protected override Task Record(IReadOnlyList<Delivery> batch, CancellationToken cancellationToken)
    {
        List<Failure> failures = [];
        List<Guid> acknowledged = [];
        foreach (var delivery in batch)
        {
            if (!delivery.Headers.ContainsKey(HeaderNames.RetrySuccessful))
                failures.Add(Failure.Read(delivery.Headers, delivery.Body));
            else if (Guid.TryParse(delivery.Headers.GetValueOrDefault(HeaderNames.RetryUniqueMessageId), out var id))
                acknowledged.Add(id);
        }

        return store.Record(failures, acknowledged, cancellationToken);
    }
}
