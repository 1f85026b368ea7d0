using System.Collections.Concurrent;
using Portable.Messaging.Unicast.Queuing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Portable.Messaging.Transport;

/// <summary>What publishing needs on the broker, made or checked once per connection: exchanges of event types,
/// existing destinations, ways of delayed messages.</summary>
internal sealed class PublishTopology(IConnection connection, RoutingTopology routing, bool installsDelays)
{
    private readonly Topology topology = new(routing);
    private readonly ConcurrentDictionary<Type, string> events = [];
    private readonly ConcurrentDictionary<string, bool> destinations = [];
    private readonly ConcurrentDictionary<string, bool> delayed = [];
    private readonly SemaphoreSlim declaring = new(1, 1);
    private bool delaysDeclared;

    public IConnection Connection => connection;

    /// <summary>Exchange and routing key that lead an operation to where it goes.</summary>
    public async ValueTask<(string Exchange, string RoutingKey)> To(
        OutgoingOperation operation, int? delay, CancellationToken cancellationToken)
    {
        if (operation.EventType is { } type)
        {
            return (events.TryGetValue(type, out var exchange) ? exchange : await Declare(type, cancellationToken), "");
        }

        var destination = operation.Destination!;
        if (!destinations.ContainsKey(destination))
        {
            await Check(destination, cancellationToken);
        }

        if (delay is not { } seconds)
        {
            return (destination, "");
        }

        if (!delayed.ContainsKey(destination))
        {
            await DeclareDelays(destination, cancellationToken);
        }

        return (DelayLevels.FirstExchange(seconds), DelayLevels.RoutingKey(seconds, destination));
    }

    /// <summary>Checks everything again: a channel was closed, perhaps because something is gone.</summary>
    public void Forget()
    {
        events.Clear();
        destinations.Clear();
        delayed.Clear();
    }

    private async Task<string> Declare(Type type, CancellationToken cancellationToken)
    {
        await OnChannel(channel => topology.DeclareType(channel, type, cancellationToken), cancellationToken);
        return events[type] = Topology.ExchangeOf(type);
    }

    // On a channel of its own: asking for a missing exchange closes the channel, and with it all unconfirmed messages.
    private async Task Check(string destination, CancellationToken cancellationToken)
    {
        try
        {
            await OnChannel(
                channel => channel.ExchangeDeclarePassiveAsync(destination, cancellationToken), cancellationToken);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason is { ReplyCode: 404 })
        {
            throw QueueNotFoundException.For(destination, e);
        }

        destinations[destination] = true;
    }

    private async Task DeclareDelays(string destination, CancellationToken cancellationToken)
    {
        if (!delaysDeclared && installsDelays)
        {
            await OnChannel(channel => Topology.DeclareDelays(channel, cancellationToken), cancellationToken);
            delaysDeclared = true;
        }

        await OnChannel(channel => Topology.BindToDelays(channel, destination, cancellationToken), cancellationToken);
        delayed[destination] = true;
    }

    private async Task OnChannel(Func<IChannel, Task> work, CancellationToken cancellationToken)
    {
        await declaring.WaitAsync(cancellationToken);
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await work(channel);
        }
        finally
        {
            declaring.Release();
        }
    }
}
