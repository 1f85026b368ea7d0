using System.Text.Json;
using RabbitMQ.Client;

namespace Operations.Broker;

/// <summary>
/// A queue of reports that are sent again and again: a batch that the database cannot take is given up, for the next
/// report says the same.
/// </summary>
internal abstract partial class ReportQueue(
    BrokerAddress broker, string queue, OperationsSettings settings, ILogger logger)
    : QueueConsumer(broker, queue, settings.ReportPrefetch, settings.BatchBytes, logger)
{
    /// <summary>Takes a report in.</summary>
    /// <exception cref="JsonException">It cannot be read; it is left out.</exception>
    /// <exception cref="InvalidDataException">It cannot be read; it is left out.</exception>
    protected abstract Task Take(Delivery report, CancellationToken cancellationToken);

    protected sealed override async Task Take(
        IReadOnlyList<Delivery> batch, IChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var report in batch)
                await TakeReadable(report, cancellationToken);
        }
        catch (Npgsql.NpgsqlException exception)
        {
            NotTaken(Logger, batch.Count, Queue, exception.Message);
        }

        await channel.BasicAckAsync(batch[^1].Tag, multiple: true, cancellationToken);
    }

    private async Task TakeReadable(Delivery report, CancellationToken cancellationToken)
    {
        try
        {
            await Take(report, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            NotRead(Logger, Queue, TypeOf(report), exception.Message);
        }
    }

    /// <summary>The full name of the message's first type; empty where it names none.</summary>
    protected static string TypeOf(Delivery report) =>
        (report.Headers.GetValueOrDefault(HeaderNames.EnclosedMessageTypes) ?? "").Split(',', ';')[0];

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "A report of type '{Type}' in the queue '{Queue}' cannot be read: {Reason}")]
    private static partial void NotRead(ILogger logger, string queue, string type, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Reports of the queue '{Queue}', {Count} at most, are given up: {Reason}")]
    private static partial void NotTaken(ILogger logger, int count, string queue, string reason);
}
