using System.Threading.Channels;
using Operations.Broker;
using Operations.Storage;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Operations.Intake;

/// <summary>
/// Takes what comes into the error queue. A message is acknowledged to the broker when it is stored and not before;
/// while broker or database are away it waits and goes on by itself afterwards.
/// </summary>
internal sealed partial class ErrorQueue(
    BrokerAddress broker, FailureStore store, OperationsSettings settings, ILogger<ErrorQueue> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

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
                BrokerAway(logger, settings.ErrorQueue, exception.Message);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Consume(CancellationToken stoppingToken)
    {
        await using var connection = await broker.Connect("Operations error queue", stoppingToken);
        await Declare(connection, stoppingToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        await channel.BasicQosAsync(0, settings.Prefetch, global: false, stoppingToken);
        // The prefetch bounds it. Ends, with the reason, when the channel does.
        var deliveries = Channel.CreateUnbounded<Delivery>(new() { SingleReader = true });
        await channel.BasicConsumeAsync(
            settings.ErrorQueue, autoAck: false, consumerTag: "", noLocal: false, exclusive: false, arguments: null,
            new Consumer(channel, deliveries.Writer), stoppingToken);
        Consuming(logger, settings.ErrorQueue);

        List<Delivery> batch = [];
        while (await deliveries.Reader.WaitToReadAsync(stoppingToken))
        {
            var bytes = 0L;
            while (batch.Count < settings.Prefetch && bytes < settings.BatchBytes
                && deliveries.Reader.TryRead(out var delivery))
            {
                batch.Add(delivery);
                bytes += delivery.Body.Length;
            }

            await Store(batch, channel, stoppingToken);
            batch.Clear();
        }
    }

    /// <summary>As endpoints declare it; where it is there with other arguments, it is taken as it is.</summary>
    private async Task Declare(IConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(
                settings.ErrorQueue, durable: true, exclusive: false, autoDelete: false,
                new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
            await channel.ExchangeDeclareAsync(
                settings.ErrorQueue, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
            await channel.QueueBindAsync(
                settings.ErrorQueue, settings.ErrorQueue, "", cancellationToken: cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == 406)
        {
            DeclaredOtherwise(logger, settings.ErrorQueue, exception.ShutdownReason.ReplyText);
        }
    }

    private async Task Store(List<Delivery> batch, IChannel channel, CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromMilliseconds(200);
        while (channel.IsOpen)
        {
            try
            {
                await Record(batch, stoppingToken);
                await channel.BasicAckAsync(batch[^1].Tag, multiple: true, stoppingToken);
                return;
            }
            catch (Exception exception) when (DatabaseFaults.MayPass(exception))
            {
                DatabaseAway(logger, batch.Count, exception.Message);
                await Task.Delay(pause, stoppingToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Npgsql.NpgsqlException exception)
            {
                Refused(logger, batch.Count, exception.Message);
                await StoreOneByOne(batch, channel, stoppingToken);
                return;
            }
        }
    }

    /// <summary>One message that cannot be stored keeps none of the others from being stored.</summary>
    private async Task StoreOneByOne(List<Delivery> batch, IChannel channel, CancellationToken stoppingToken)
    {
        foreach (var delivery in batch)
        {
            try
            {
                await Record([delivery], stoppingToken);
                await channel.BasicAckAsync(delivery.Tag, multiple: false, stoppingToken);
            }
            catch (Npgsql.NpgsqlException exception)
            {
                NotStored(logger, delivery.Headers.GetValueOrDefault(HeaderNames.MessageId), exception.Message);
                await Task.Delay(LongestPause, stoppingToken);
                await channel.BasicNackAsync(delivery.Tag, multiple: false, requeue: true, stoppingToken);
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

    private sealed record Delivery(ulong Tag, Dictionary<string, string> Headers, byte[] Body);

    private sealed class Consumer(IChannel channel, ChannelWriter<Delivery> deliveries)
        : AsyncDefaultBasicConsumer(channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default)
        {
            // The body's memory is the client's and ends with this call.
            deliveries.TryWrite(new Delivery(deliveryTag, WireMessage.HeadersOf(properties), body.ToArray()));
            return Task.CompletedTask;
        }

        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            deliveries.TryComplete(new IOException("the broker canceled the consumer: the queue may be gone"));
            return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
        }

        public override Task HandleChannelShutdownAsync(object channel, RabbitMQ.Client.Events.ShutdownEventArgs reason)
        {
            deliveries.TryComplete(new IOException(reason.ToString()));
            return base.HandleChannelShutdownAsync(channel, reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Taking failed messages from the queue '{Queue}'")]
    private static partial void Consuming(ILogger logger, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue '{Queue}' cannot be read; trying again: {Reason}")]
    private static partial void BrokerAway(ILogger logger, string queue, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The queue '{Queue}' is taken as it is: {Reason}")]
    private static partial void DeclaredOtherwise(ILogger logger, string queue, string reason);

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
