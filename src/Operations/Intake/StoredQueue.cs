using Operations.Broker;
using Operations.Storage;
using RabbitMQ.Client;

namespace Operations.Intake;

/// <summary>
/// A queue whose messages are kept. A message is acknowledged to the broker when it is stored and not before; while
/// broker or database are away it waits and goes on by itself afterwards.
/// </summary>
internal abstract partial class StoredQueue(
    BrokerAddress broker, string queue, ushort prefetch, OperationsSettings settings, ILogger logger)
    : QueueConsumer(broker, queue, prefetch, settings.BatchBytes, logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Stores all or nothing; what is stored already is left alone.</summary>
    protected abstract Task Record(IReadOnlyList<Delivery> batch, CancellationToken cancellationToken);

    protected sealed override async Task Take(
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
                DatabaseAway(Logger, batch.Count, Queue, exception.Message);
                await Task.Delay(pause, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Npgsql.NpgsqlException exception)
            {
                Refused(Logger, batch.Count, Queue, exception.Message);
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
                NotStored(
                    Logger, delivery.Headers.GetValueOrDefault(HeaderNames.MessageId), Queue, exception.Message);
                await Task.Delay(LongestPause, cancellationToken);
                await channel.BasicNackAsync(delivery.Tag, multiple: false, requeue: true, cancellationToken);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} messages of the queue '{Queue}' wait for the database, unacknowledged; trying again: "
            + "{Reason}")]
    private static partial void DatabaseAway(ILogger logger, int count, string queue, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A batch of {Count} of the queue '{Queue}' is stored one by one: {Reason}")]
    private static partial void Refused(ILogger logger, int count, string queue, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The message '{MessageId}' cannot be stored; it stays in the queue '{Queue}': {Reason}")]
    private static partial void NotStored(ILogger logger, string? messageId, string queue, string reason);
}
