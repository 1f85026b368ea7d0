using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Operations.Broker;

/// <summary>A message of a queue.</summary>
internal sealed record InboxMessage(Dictionary<string, string> Headers, byte[] Body);

/// <summary>
/// Takes reports from a queue of its own, batch by batch, and goes on by itself after the broker was away. A batch is
/// acknowledged when it has been taken in; one that cannot be is given up: the next report says the same again.
/// </summary>
internal abstract partial class Inbox(BrokerAddress broker, string queue, ILogger logger) : BackgroundService
{
    private const ushort Prefetch = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Takes a batch in, in the order it came.</summary>
    protected abstract Task Take(IReadOnlyList<InboxMessage> batch, CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Consume(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is RabbitMQClientException or IOException
                or TimeoutException or ObjectDisposedException or OperationCanceledException)
            {
                BrokerAway(logger, queue, exception.Message);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Consume(CancellationToken stoppingToken)
    {
        await using var connection = await broker.Connect($"Operations {queue}", stoppingToken);
        await Declare(connection, stoppingToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        await channel.BasicQosAsync(0, Prefetch, global: false, stoppingToken);
        // The prefetch bounds it. Ends, with the reason, when the channel does.
        var deliveries = Channel.CreateUnbounded<(ulong Tag, InboxMessage Message)>(new() { SingleReader = true });
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // The body's memory is the client's and ends with this call.
            var message = new InboxMessage(
                WireMessage.HeadersOf(delivery.BasicProperties), delivery.Body.ToArray());
            deliveries.Writer.TryWrite((delivery.DeliveryTag, message));
            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, reason) =>
        {
            deliveries.Writer.TryComplete(new IOException(reason.ToString()));
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            deliveries.Writer.TryComplete(new IOException("the broker canceled the consumer: the queue may be gone"));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, stoppingToken);

        while (await deliveries.Reader.WaitToReadAsync(stoppingToken))
        {
            List<InboxMessage> batch = [];
            var last = 0UL;
            while (batch.Count < Prefetch && deliveries.Reader.TryRead(out var delivery))
            {
                batch.Add(delivery.Message);
                last = delivery.Tag;
            }

            try
            {
                await Take(batch, stoppingToken);
            }
            catch (Npgsql.NpgsqlException exception)
            {
                NotTaken(logger, batch.Count, queue, exception.Message);
            }

            await channel.BasicAckAsync(last, multiple: true, stoppingToken);
        }
    }

    /// <summary>As endpoints declare it, with the exchange that they send to.</summary>
    private async Task Declare(IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(
            queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue '{Queue}' cannot be read; trying again: {Reason}")]
    private static partial void BrokerAway(ILogger logger, string queue, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Count} reports of the queue '{Queue}' are given up: {Reason}")]
    private static partial void NotTaken(ILogger logger, int count, string queue, string reason);
}
