using Microsoft.Extensions.Logging;
using Portable.Messaging.Unicast.Queuing;
using RabbitMQ.Client.Exceptions;

namespace Portable.Messaging.Transport;

/// <summary>Sends messages and waits until the broker has them. Publishes over a few channels of one connection; what
/// a broken channel leaves unconfirmed is published again, with the same id.</summary>
internal sealed class Publisher(
    RabbitMQTransport transport, string endpointName, bool installsDelays, ILogger logger) : IAsyncDisposable
{
    private const int Channels = 4;

    private static readonly TimeSpan ConfirmPatience = TimeSpan.FromSeconds(30);

    private readonly BrokerConnection connection = new(transport, $"{endpointName} Publish", logger);
    private readonly PublishChannel?[] channels = new PublishChannel?[Channels];
    private readonly SemaphoreSlim opening = new(1, 1);
    private PublishTopology? topology;
    private int turn;

    /// <summary>How long a send waits for a broker that is away before it fails.</summary>
    public TimeSpan ConnectPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Publishes all operations and returns when the broker has confirmed them.</summary>
    /// <exception cref="QueueNotFoundException">A destination does not exist.</exception>
    /// <exception cref="BrokerUnreachableException">The broker is away.</exception>
    /// <exception cref="TimeoutException">The broker did not confirm in time.</exception>
    public async Task Dispatch(IReadOnlyList<OutgoingOperation> operations, CancellationToken cancellationToken) =>
        await await Write(operations, Interlocked.Increment(ref turn), cancellationToken);

    /// <summary>Publishes all operations in order and returns when they are written; the inner task ends when the
    /// broker has confirmed them. The same <paramref name="lane"/> always takes the same channel.</summary>
    public async Task<Task> Write(
        IReadOnlyList<OutgoingOperation> operations, int lane, CancellationToken cancellationToken)
    {
        if (operations.Count == 0)
        {
            return Task.CompletedTask;
        }

        var deadline = DateTime.UtcNow + ConnectPatience;
        var (channel, batch) = await WriteOnce(operations, lane, deadline, cancellationToken);
        return Confirm(channel, batch, lane, deadline, cancellationToken);
    }

    /// <summary>Opens the connection, if it is not.</summary>
    public async Task Connect(TimeSpan patience, CancellationToken cancellationToken) =>
        await connection.Get(patience, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in channels)
        {
            if (channel is not null)
            {
                await channel.DisposeAsync();
            }
        }

        await connection.DisposeAsync();
    }

    private async Task<(PublishChannel, ConfirmBatch)> WriteOnce(
        IReadOnlyList<OutgoingOperation> operations, int lane, DateTime deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (channel, ways) = await Channel(lane, deadline, cancellationToken);
            var batch = new ConfirmBatch(operations.Count);
            try
            {
                foreach (var operation in operations)
                {
                    var delay = operation.IsDelayed
                        ? DelayLevels.SecondsOf(operation, DateTimeOffset.UtcNow)
                        : (int?)null;
                    var (exchange, routingKey) = await ways.To(operation, delay, cancellationToken);
                    await channel.Publish(
                        exchange, routingKey, mandatory: operation.Destination is not null, operation,
                        WireProperties.Of(operation, delay), batch, cancellationToken);
                }

                return (channel, batch);
            }
            catch (Exception e) when (IsLost(e) && DateTime.UtcNow < deadline)
            {
                logger.LogDebug(e, "A publish channel of '{Endpoint}' was lost while writing", endpointName);
            }
        }
    }

    private async Task Confirm(
        PublishChannel channel, ConfirmBatch batch, int lane, DateTime deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await batch.Settled.WaitAsync(ConfirmPatience, cancellationToken);
            }
            catch (TimeoutException e)
            {
                await channel.DisposeAsync();
                throw new TimeoutException(
                    $"RabbitMQ did not confirm a message within {ConfirmPatience.TotalSeconds} s. It may have it: "
                    + "sending again with the same message id is safe.", e);
            }

            if (batch.Failures.Count == 0)
            {
                return;
            }

            foreach (var (operation, error) in batch.Failures)
            {
                if (error is not AlreadyClosedException closed)
                {
                    throw error;
                }

                if (operation.Destination is { } destination && NamesMissingExchange(closed, destination))
                {
                    throw QueueNotFoundException.For(destination, closed);
                }
            }

            if (DateTime.UtcNow >= deadline)
            {
                throw batch.Failures[0].Error;
            }

            // The channel broke, through no fault of these messages: the broker may or may not have them.
            List<OutgoingOperation> again = [.. batch.Failures.Select(f => f.Operation)];
            (channel, batch) = await WriteOnce(again, lane, deadline, cancellationToken);
        }
    }

    private async ValueTask<(PublishChannel, PublishTopology)> Channel(
        int lane, DateTime deadline, CancellationToken cancellationToken)
    {
        var index = (int)((uint)lane % Channels);
        if (channels[index] is { IsOpen: true } open && topology is { } known)
        {
            return (open, known);
        }

        var patience = deadline - DateTime.UtcNow;
        var current = await connection.Get(
            patience > TimeSpan.Zero ? patience : TimeSpan.FromMilliseconds(1), cancellationToken);
        await opening.WaitAsync(cancellationToken);
        try
        {
            if (topology is null || !ReferenceEquals(topology.Connection, current))
            {
                topology = new PublishTopology(current, transport.RoutingTopology, installsDelays);
            }

            if (channels[index] is { IsOpen: true } meanwhile)
            {
                return (meanwhile, topology);
            }

            if (channels[index] is { } broken)
            {
                await broken.DisposeAsync();
                topology.Forget();
            }

            var channel = await PublishChannel.Open(current, cancellationToken);
            channels[index] = channel;
            return (channel, topology);
        }
        finally
        {
            opening.Release();
        }
    }

    private static bool IsLost(Exception e) =>
        e is OperationInterruptedException or ObjectDisposedException or IOException;

    private static bool NamesMissingExchange(AlreadyClosedException e, string exchange) =>
        e.ShutdownReason is { ReplyCode: 404 } reason
            && reason.ReplyText.Contains($"'{exchange}'", StringComparison.Ordinal);
}
