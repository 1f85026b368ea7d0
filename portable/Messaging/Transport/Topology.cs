using RabbitMQ.Client;

namespace Portable.Messaging.Transport;

/// <summary>Exchanges, queues and bindings as the wire format lays them out. Every operation may be repeated.</summary>
internal sealed class Topology(RoutingTopology routing)
{
    /// <summary>Exchange of a message type.</summary>
    public static string ExchangeOf(Type type) => $"{type.Namespace}:{type.Name}";

    /// <summary>An endpoint's queue and its exchange, bound.</summary>
    public async Task DeclareEndpoint(IChannel channel, string address, CancellationToken cancellationToken)
    {
        Dictionary<string, object?>? arguments = routing.QueueType == QueueType.Quorum
            ? new() { ["x-queue-type"] = "quorum" }
            : null;
        await channel.QueueDeclareAsync(
            address, routing.Durable, exclusive: false, autoDelete: false, arguments,
            cancellationToken: cancellationToken);
        await DeclareFanout(channel, address, cancellationToken);
        await channel.QueueBindAsync(address, address, "", cancellationToken: cancellationToken);
    }

    /// <summary>Exchanges of a type, its base types and its interfaces, bound from the special to the
    /// general.</summary>
    public async Task DeclareType(IChannel channel, Type type, CancellationToken cancellationToken)
    {
        await DeclareFanout(channel, ExchangeOf(type), cancellationToken);
        var special = type;
        for (var general = type.BaseType; general is not null; special = general, general = general.BaseType)
        {
            await DeclareFanout(channel, ExchangeOf(general), cancellationToken);
            await Bind(channel, ExchangeOf(special), ExchangeOf(general), "", cancellationToken);
        }

        foreach (var implemented in type.GetInterfaces())
        {
            await DeclareFanout(channel, ExchangeOf(implemented), cancellationToken);
            await Bind(channel, ExchangeOf(type), ExchangeOf(implemented), "", cancellationToken);
        }
    }

    public async Task Subscribe(IChannel channel, Type type, string endpoint, CancellationToken cancellationToken)
    {
        // A handler of IEvent gets all events, those that only a convention makes events too.
        var subscribed = type == typeof(IEvent) ? typeof(object) : type;
        if (subscribed == typeof(object))
        {
            await DeclareFanout(channel, ExchangeOf(subscribed), cancellationToken);
        }
        else
        {
            await DeclareType(channel, subscribed, cancellationToken);
        }

        await Bind(channel, ExchangeOf(subscribed), endpoint, "", cancellationToken);
    }

    public static Task Unsubscribe(IChannel channel, Type type, string endpoint, CancellationToken cancellationToken) =>
        channel.ExchangeUnbindAsync(
            endpoint, ExchangeOf(type), "", noWait: false, cancellationToken: cancellationToken);

    /// <summary>The queues that delay, and the ways between them. Declarations don't wait for their answers, except
    /// the last one, which the broker gives after all others.</summary>
    public static async Task DeclareDelays(IChannel channel, CancellationToken cancellationToken)
    {
        for (var level = DelayLevels.Count - 1; level >= 0; level--)
        {
            var name = DelayLevels.Name(level);
            await channel.ExchangeDeclareAsync(
                name, ExchangeType.Topic, durable: true, noWait: true, cancellationToken: cancellationToken);
            var arguments = new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-dead-letter-strategy"] = "at-least-once",
                ["x-overflow"] = "reject-publish",
                ["x-message-ttl"] = (1L << level) * 1000,
                ["x-dead-letter-exchange"] =
                    level > 0 ? DelayLevels.Name(level - 1) : DelayLevels.DeliveryExchange,
            };
            await channel.QueueDeclareAsync(
                name, durable: true, exclusive: false, autoDelete: false, arguments, noWait: true,
                cancellationToken: cancellationToken);
            await channel.QueueBindAsync(
                name, name, Pattern(level, "1.#"), noWait: true, cancellationToken: cancellationToken);
        }

        await channel.ExchangeDeclareAsync(
            DelayLevels.DeliveryExchange, ExchangeType.Topic, durable: true, noWait: true,
            cancellationToken: cancellationToken);
        for (var level = DelayLevels.Count - 1; level >= 0; level--)
        {
            var next = level > 0 ? DelayLevels.Name(level - 1) : DelayLevels.DeliveryExchange;
            await channel.ExchangeBindAsync(
                next, DelayLevels.Name(level), Pattern(level, "0.#"), noWait: level > 0,
                cancellationToken: cancellationToken);
        }
    }

    /// <summary>Lets delayed messages reach an endpoint.</summary>
    public static Task BindToDelays(IChannel channel, string endpoint, CancellationToken cancellationToken) =>
        Bind(channel, DelayLevels.DeliveryExchange, endpoint, $"#.{endpoint}", cancellationToken);

    private static string Pattern(int level, string end) =>
        string.Concat(Enumerable.Repeat("*.", DelayLevels.Count - 1 - level)) + end;

    private static Task Bind(
        IChannel channel, string source, string destination, string routingKey, CancellationToken cancellationToken) =>
        channel.ExchangeBindAsync(destination, source, routingKey, cancellationToken: cancellationToken);

    private Task DeclareFanout(IChannel channel, string name, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(
            name, ExchangeType.Fanout, routing.Durable, autoDelete: false, cancellationToken: cancellationToken);
}
