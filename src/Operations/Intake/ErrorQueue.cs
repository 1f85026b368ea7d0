using Operations.Broker;
using Operations.Storage;
using RabbitMQ.Client;

namespace Operations.Intake;

/// <summary>
/// Takes what comes into the error queue. A message is acknowledged to the broker when it is stored and not before;
/// while broker or database are away it waits and goes on by itself afterwards.
/// </summary>
internal sealed partial class ErrorQueue(
    BrokerAddress broker, FailureStore store, OperationsSettings settings, ILogger<ErrorQueue> logger)
    : QueueConsumer(broker, settings.ErrorQueue, settings.Prefetch, settings.BatchBytes, logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    protected override async Task Take(
        IReadOnlyList<Delivery> batch, IChannel channel, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(200);
        while (channel.IsOpen)
        {
            try
            {
                await Record(batch, cancellationToken);
                await channel.BasicAckAsync(batch[^1].Tag, multiple: true, cancellationToken);
                return;
            }
            catch (Exception exception) when (DatabaseFaults.MayPass(exception))
            {
                DatabaseAway(logger, batch.Count, exception.Message);
                await Task.Delay(pause, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Npgsql.NpgsqlException exception)
            {
                Refused(logger, batch.Count, exception.Message);
                await StoreOneByOne(batch, channel, cancellationToken);
                return;
            }
        }
    }

    /// <summary>One message that cannot be stored keeps none of the others from being stored.</summary>
    private async Task StoreOneByOne(
        IReadOnlyList<Delivery> batch, IChannel channel, CancellationToken cancellationToken)
    {
        foreach (var delivery in batch)
        {
            try
            {
                await Record([delivery], cancellationToken);
                await channel.BasicAckAsync(delivery.Tag, multiple: false, cancellationToken);
            }
            catch (Npgsql.NpgsqlException exception)
            {
                NotStored(logger, delivery.Headers.GetValueOrDefault(HeaderNames.MessageId), exception.Message);
                await Task.Delay(LongestPause, cancellationToken);
                await channel.BasicNackAsync(delivery.Tag, multiple: false, requeue: true, cancellationToken);
            }
        }
    }

    private Task Record(IEnumerable<Delivery> batch, CancellationToken cancellationToken)
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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} failed messages wait for the database, unacknowledged; trying again: {Reason}")]
    private static partial void DatabaseAway(ILogger logger, int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} is stored one by one: {Reason}")]
    private static partial void Refused(ILogger logger, int count, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The failed message '{MessageId}' cannot be stored; it stays in the queue: {Reason}")]
    private static partial void NotStored(ILogger logger, string? messageId, string reason);
}
