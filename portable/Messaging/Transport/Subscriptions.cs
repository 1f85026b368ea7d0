using RabbitMQ.Client;

namespace Portable.Messaging.Transport;

/// <summary>The event types an endpoint gets.</summary>
internal sealed class Subscriptions(
    RoutingTopology routing, string endpoint, bool sendOnly, Func<CancellationToken, Task<IConnection>> connect)
{
    private readonly Topology topology = new(routing);

    public async Task Subscribe(IEnumerable<Type> eventTypes, CancellationToken cancellationToken)
    {
        AssertReceives();
        var connection = await connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var type in eventTypes)
        {
            await topology.Subscribe(channel, type, endpoint, cancellationToken);
        }
    }

    public async Task Unsubscribe(Type eventType, CancellationToken cancellationToken)
    {
        AssertReceives();
        var connection = await connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await Topology.Unsubscribe(channel, eventType, endpoint, cancellationToken);
    }

    private void AssertReceives()
    {
        if (sendOnly)
        {
            throw new InvalidOperationException($"'{endpoint}' is send-only: it can't subscribe to events.");
        }
    }
}
