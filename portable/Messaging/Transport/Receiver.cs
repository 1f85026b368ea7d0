using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Portable.Messaging.Recoverability;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Portable.Messaging.Transport;

/// <summary>Consumes an endpoint's queue: hands each delivery to a worker, so many at once as allowed, and consumes
/// anew whenever the channel or the connection breaks. A worker goes on to the next message while the broker confirms
/// what the last ones sent: <c>process</c> returns when a message is handled, its result ends when it is
/// acknowledged.</summary>
internal sealed class Receiver(
    RabbitMQTransport transport,
    string address,
    string consumerTag,
    int concurrency,
    Func<Delivery, int, CancellationToken, Task<Task>> process,
    ConsecutiveFailures failures,
    CriticalError criticalError,
    ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RepeatPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CanceledPatience = TimeSpan.FromSeconds(5);

    private readonly BrokerConnection connection = new(transport, $"{address} MessagePump", logger);
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource abandoning = new();
    private readonly TaskCompletionSource abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<Delivery> deliveries = System.Threading.Channels.Channel.CreateUnbounded<Delivery>();
    private Task consuming = Task.CompletedTask;
    private Task[] workers = [];

    /// <summary>Connects to the broker.</summary>
    /// <exception cref="BrokerUnreachableException">It did not answer in time.</exception>
    public ValueTask<IConnection> Connect(TimeSpan patience, CancellationToken cancellationToken) =>
        connection.Get(patience, cancellationToken);

    /// <summary>Starts to consume; returns when the first consumer is registered.</summary>
    public async Task Start(CancellationToken cancellationToken)
    {
        var registered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        workers =
        [
            .. Enumerable.Range(0, concurrency).Select(lane => Task.Run(() => Work(lane), CancellationToken.None)),
        ];
        consuming = Task.Run(() => Consume(registered), CancellationToken.None);
        await registered.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes no more messages and waits for those in hand. When <paramref name="cancellationToken"/> ends the
    /// wait, their token is canceled and they have five more seconds.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        await EndConsuming();
        var finished = Task.WhenAll(workers);
        try
        {
            await finished.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // What handlers do on cancellation is theirs, and may not end either.
            var canceling = abandoning.CancelAsync();
            try
            {
                await Task.WhenAll(finished, canceling).WaitAsync(CanceledPatience, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                logger.LogWarning(
                    "Handlers of '{Address}' did not end when canceled; their messages go back to the queue", address);
            }
        }

        abandoned.TrySetResult();
    }

    /// <summary>Disconnects; without a stop before, from the midst of its work.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndConsuming();
        abandoned.TrySetResult();
        await consuming;
        await connection.DisposeAsync();
    }

    private async Task EndConsuming()
    {
        await stopping.CancelAsync();
        stopped.TrySetResult();
        deliveries.Writer.TryComplete();
    }

    private async Task Work(int lane)
    {
        var ahead = Math.Max(1, (Prefetch() / concurrency) - 1);
        var completing = new Queue<Task>();
        while (await deliveries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            // While everything fails, the first worker goes on alone.
            if (lane > 0 && !failures.Unlimited.IsCompleted)
            {
                await Task.WhenAny(failures.Unlimited, stopped.Task);
            }

            // What was pushed ahead but not begun goes back to the queue when the channel closes.
            if (stopping.IsCancellationRequested)
            {
                break;
            }

            if (!deliveries.Reader.TryRead(out var delivery))
            {
                continue;
            }

            try
            {
                completing.Enqueue(await process(delivery, lane, abandoning.Token));
            }
            catch (Exception e)
            {
                logger.LogError(e, "A message of '{Address}' could be neither handled nor put aside", address);
                await delivery.Requeue();
            }

            while (completing.Count > ahead || (completing.TryPeek(out var oldest) && oldest.IsCompleted))
            {
                await completing.Dequeue();
            }
        }

        await Task.WhenAll(completing);
    }

    private async Task Consume(TaskCompletionSource registered)
    {
        DateTime? awaySince = null;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ConsumeOnce(() =>
                {
                    awaySince = null;
                    registered.TrySetResult();
                });
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (
                e is OperationInterruptedException or BrokerUnreachableException or IOException
                    or ObjectDisposedException or TimeoutException or OperationCanceledException)
            {
                if (e is OperationInterruptedException && !ConnectionLoss.Is(e) && registered.TrySetException(e))
                {
                    return;
                }

                logger.LogWarning(e, "'{Address}' can't consume; trying again", address);
                awaySince ??= DateTime.UtcNow;
                if (DateTime.UtcNow - awaySince > transport.TimeToWaitBeforeTriggeringCircuitBreaker)
                {
                    criticalError.Raise($"'{address}' has not been able to consume since {awaySince:u}", e);
                    awaySince = DateTime.UtcNow;
                }

                await Task.WhenAny(Task.Delay(RepeatPause), stopped.Task);
            }
        }

        registered.TrySetCanceled();
    }

    private async Task ConsumeOnce(Action consuming)
    {
        var current = await connection.Get(ConnectPatience, stopping.Token);
        await using var channel = await current.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false),
            stopping.Token);
        await channel.BasicQosAsync(0, Prefetch(), global: false, stopping.Token);
        var consumer = new Consumer(channel, deliveries.Writer);
        await channel.BasicConsumeAsync(
            address, autoAck: false, consumerTag, noLocal: false, exclusive: false, arguments: null, consumer,
            stopping.Token);
        consuming();
        if (await Task.WhenAny(consumer.Ended, stopped.Task) == stopped.Task)
        {
            // The channel stays open while workers acknowledge what they have in hand.
            await Task.WhenAny(Task.WhenAll(workers), consumer.Ended, abandoned.Task);
            return;
        }

        logger.LogWarning(
            "'{Address}' lost its consumer: {Reason}. Consuming anew", address, await consumer.Ended);
    }

    private ushort Prefetch() => (ushort)Math.Clamp(
        transport.PrefetchCountCalculation(concurrency), concurrency, ushort.MaxValue);

    private sealed class Consumer(IChannel channel, ChannelWriter<Delivery> deliveries)
        : AsyncDefaultBasicConsumer(channel)
    {
        private readonly TaskCompletionSource<string> ended =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends, with the reason, when no more deliveries come.</summary>
        public Task<string> Ended => ended.Task;

        public override Task HandleBasicDeliverAsync(
            string consumerTag,
            ulong deliveryTag,
            bool redelivered,
            string exchange,
            string routingKey,
            IReadOnlyBasicProperties properties,
            ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default)
        {
            // Never full: the prefetch bounds it. The body's memory is the client's and ends with this call.
            deliveries.TryWrite(
                new Delivery(Channel, deliveryTag, redelivered, exchange, routingKey, properties, body.ToArray()));
            return Task.CompletedTask;
        }

        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            ended.TrySetResult("canceled by the broker, the queue may be gone");
            return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
        }

        public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
        {
            ended.TrySetResult(reason.ToString());
            return base.HandleChannelShutdownAsync(channel, reason);
        }
    }
}
