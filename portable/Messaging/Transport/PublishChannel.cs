using Portable.Messaging.Unicast.Queuing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Portable.Messaging.Transport;

/// <summary>A channel with publisher confirms, shared by many publishers. Confirms are tracked here: the client's own
/// tracking adds a header to every message and, by default, throttles to a few hundred a second.</summary>
internal sealed class PublishChannel : IAsyncDisposable
{
    // Bounds the memory of unconfirmed messages; a quorum queue confirms some thousand in the time of one fsync.
    private const int MaxOutstanding = 1024;

    // A broker that has raised an alarm stops reading: writes then wait.
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(30);

    private readonly IChannel channel;
    private readonly SemaphoreSlim order = new(1, 1);
    private readonly SemaphoreSlim outstanding = new(MaxOutstanding, MaxOutstanding);
    private readonly Dictionary<ulong, Unconfirmed> unconfirmed = [];
    private int disposed;
    private ulong published;
    private ulong confirmed;

    private PublishChannel(IChannel channel)
    {
        this.channel = channel;
        channel.BasicAcksAsync += (_, e) => Settle(e.DeliveryTag, e.Multiple, error: null);
        channel.BasicNacksAsync += (_, e) => Settle(e.DeliveryTag, e.Multiple, new PublishRejectedException());
        channel.BasicReturnAsync += Returned;
        channel.ChannelShutdownAsync += Lost;
    }

    public bool IsOpen => channel.IsOpen;

    public static async Task<PublishChannel> Open(IConnection connection, CancellationToken cancellationToken) =>
        new(await connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true,
                publisherConfirmationTrackingEnabled: false,
                outstandingPublisherConfirmationsRateLimiter: null),
            cancellationToken));

    /// <summary>Writes one message; <paramref name="batch"/> hears whether the broker has it.</summary>
    /// <exception cref="OperationInterruptedException">The channel is closed; nothing was written.</exception>
    public async ValueTask Publish(
        string exchange,
        string routingKey,
        bool mandatory,
        OutgoingOperation operation,
        BasicProperties properties,
        ConfirmBatch batch,
        CancellationToken cancellationToken)
    {
        await outstanding.WaitAsync(cancellationToken);
        try
        {
            await order.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            outstanding.Release();
            throw;
        }

        try
        {
            var sequence = ++published;
            lock (unconfirmed)
            {
                unconfirmed.Add(sequence, new Unconfirmed(operation, batch));
            }

            try
            {
                // Not to be canceled half-way: that would cost everyone this channel.
                var write = channel.BasicPublishAsync(
                    exchange, routingKey, mandatory, properties, operation.Body, CancellationToken.None);
                if (!write.IsCompletedSuccessfully)
                {
                    await write.AsTask().WaitAsync(WritePatience, CancellationToken.None);
                }
            }
            catch (Exception)
            {
                // The channel's count and ours may now differ: this channel can't be used any longer.
                lock (unconfirmed)
                {
                    unconfirmed.Remove(sequence);
                }

                await channel.AbortAsync(CancellationToken.None);
                throw;
            }
        }
        finally
        {
            order.Release();
        }
    }

    /// <summary>Closes the channel; whatever is unconfirmed fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        await channel.AbortAsync();
        await channel.DisposeAsync();
    }

    private Task Settle(ulong tag, bool multiple, Exception? error)
    {
        lock (unconfirmed)
        {
            for (var sequence = multiple ? confirmed + 1 : tag; sequence <= tag; sequence++)
            {
                if (unconfirmed.Remove(sequence, out var publish))
                {
                    outstanding.Release();
                    publish.Batch.Settle(publish.Operation, publish.Returned ?? error);
                }
            }

            if (multiple)
            {
                confirmed = tag;
            }
        }

        return Task.CompletedTask;
    }

    // The broker returns a message that no queue takes before it confirms it.
    private Task Returned(object sender, BasicReturnEventArgs e)
    {
        lock (unconfirmed)
        {
            foreach (var publish in unconfirmed.Values)
            {
                if (publish.Operation.MessageId == e.BasicProperties.MessageId
                    && publish.Operation.Destination is { } destination)
                {
                    publish.Returned = QueueNotFoundException.For(destination);
                }
            }
        }

        return Task.CompletedTask;
    }

    private Task Lost(object sender, ShutdownEventArgs e)
    {
        lock (unconfirmed)
        {
            foreach (var publish in unconfirmed.Values)
            {
                outstanding.Release();
                publish.Batch.Settle(publish.Operation, new AlreadyClosedException(e));
            }

            unconfirmed.Clear();
        }

        return Task.CompletedTask;
    }

    private sealed record Unconfirmed(OutgoingOperation Operation, ConfirmBatch Batch)
    {
        public Exception? Returned { get; set; }
    }
}

/// <summary>The broker refused a message: its queue is full or has lost its majority.</summary>
internal sealed class PublishRejectedException()
    : Exception("RabbitMQ refused the message (nack): the queue is full or has lost the majority of its members.");
