using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Operations.Broker;

/// <summary>A message of a queue that the broker waits to have acknowledged.</summary>
internal sealed record Delivery(ulong Tag, Dictionary<string, string> Headers, byte[] Body);

/// <summary>
/// Takes messages from a queue, batch by batch, and goes on by itself after the broker was away.
/// </summary>
/// <param name="broker">Where the queue is.</param>
/// <param name="queue">Its name; declared as endpoints declare theirs.</param>
/// <param name="prefetch">Deliveries that the broker hands out ahead; also the largest batch.</param>
/// <param name="batchBytes">A batch ends when its bodies reach this size, in bytes.</param>
/// <param name="logger">For what is in the way.</param>
internal abstract partial class QueueConsumer(
    BrokerAddress broker, string queue, ushort prefetch, int batchBytes, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected string Queue => queue;

    protected ILogger Logger => logger;

    /// <summary>How long a batch that is not full waits for more to come; not at all where nobody minds.</summary>
    protected virtual TimeSpan Patience => TimeSpan.Zero;

    /// <summary>Takes a batch in, in the order it came, and acknowledges it.</summary>
    protected abstract Task Take(IReadOnlyList<Delivery> batch, IChannel channel, CancellationToken cancellationToken);

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
        await channel.BasicQosAsync(0, prefetch, global: false, stoppingToken);
        // The prefetch bounds it. Ends, with the reason, when the channel does.
        var deliveries = Channel.CreateUnbounded<Delivery>(new() { SingleReader = true });
        await channel.BasicConsumeAsync(queue, autoAck: false, Consumer(channel, deliveries.Writer), stoppingToken);
        Consuming(logger, queue);

        List<Delivery> batch = [];
        while (await deliveries.Reader.WaitToReadAsync(stoppingToken))
        {
            if (!Fill(batch, deliveries.Reader) && Patience > TimeSpan.Zero)
            {
                await Task.Delay(Patience, stoppingToken);
                Fill(batch, deliveries.Reader);
            }

            await Take(batch, channel, stoppingToken);
            batch.Clear();
        }
    }

    /// <summary>Whether the batch is full.</summary>
    private bool Fill(List<Delivery> batch, ChannelReader<Delivery> deliveries)
    {
        var bytes = batch.Sum(delivery => (long)delivery.Body.Length);
        while (batch.Count < prefetch && bytes < batchBytes)
        {
            if (!deliveries.TryRead(out var delivery))
                return false;
            batch.Add(delivery);
            bytes += delivery.Body.Length;
        }

        return true;
    }

    private static AsyncEventingBasicConsumer Consumer(IChannel channel, ChannelWriter<Delivery> deliveries)
    {
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // The body's memory is the client's and ends with this call.
            deliveries.TryWrite(new Delivery(
                delivery.DeliveryTag, WireMessage.HeadersOf(delivery.BasicProperties), delivery.Body.ToArray()));
            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, reason) =>
        {
            deliveries.TryComplete(new IOException(reason.ToString()));
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            deliveries.TryComplete(new IOException("the broker canceled the consumer: the queue may be gone"));
            return Task.CompletedTask;
        };
        return consumer;
    }

    /// <summary>
    /// As endpoints declare it, with the exchange that they send to; where it is there with other arguments, it is
    /// taken as it is.
    /// </summary>
    private async Task Declare(IConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(
                queue, durable: true, exclusive: false, autoDelete: false,
                new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
            await channel.ExchangeDeclareAsync(
                queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
            await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == 406)
        {
            DeclaredOtherwise(logger, queue, exception.ShutdownReason.ReplyText);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Taking messages from the queue '{Queue}'")]
    private static partial void Consuming(ILogger logger, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue '{Queue}' cannot be read; trying again: {Reason}")]
    private static partial void BrokerAway(ILogger logger, string queue, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The queue '{Queue}' is taken as it is: {Reason}")]
    private static partial void DeclaredOtherwise(ILogger logger, string queue, string reason);
}
