using System.Text.Json;
using Operations.Broker;
using Operations.Intake;

namespace Operations.Auditing;

/// <summary>
/// Takes what comes into the audit queue: copies of the messages that endpoints have handled, and what their sagas made
/// of them.
/// </summary>
internal sealed partial class AuditQueue(
    BrokerAddress broker, AuditStore store, OperationsSettings settings, ILogger<AuditQueue> logger)
    : StoredQueue(broker, settings.AuditQueue, settings.AuditPrefetch, settings, logger)
{
    // Nobody looks at them at once, and a row alone costs a commit of its own.
    protected override TimeSpan Patience { get; } = settings.AuditPatience;

    protected override Task Record(IReadOnlyList<Delivery> batch, CancellationToken cancellationToken)
    {
        List<AuditedMessage> messages = [];
        List<SagaChange> changes = [];
        List<Guid> resolved = [];
        foreach (var delivery in batch)
        {
            if (Change(delivery) is { } change)
            {
                changes.Add(change);
                continue;
            }

            var message = AuditedMessage.Read(delivery.Headers, delivery.Body);
            messages.Add(message);
            if (message.IsRetried && !message.Headers.ContainsKey(HeaderNames.RetryAcknowledgementSent))
                resolved.Add(message.UniqueId);
        }

        return store.Record(messages, changes, resolved, cancellationToken);
    }

    /// <summary>Null where it is a message, or no report that can be read.</summary>
    private SagaChange? Change(Delivery delivery)
    {
        if (!SagaChange.IsReportedBy(delivery.Headers))
            return null;
        try
        {
            return SagaChange.Read(delivery.Headers, delivery.Body);
        }
        catch (JsonException exception)
        {
            NotRead(logger, delivery.Headers.GetValueOrDefault(HeaderNames.MessageId), exception.Message);
            return null;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The report '{MessageId}' of a saga cannot be read and is kept as a message: {Reason}")]
    private static partial void NotRead(ILogger logger, string? messageId, string reason);
}
