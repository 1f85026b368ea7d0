namespace Portable.Messaging;

/// <summary>How exchanges and queues are laid out on the broker.</summary>
public class RoutingTopology
{
    private RoutingTopology(QueueType queueType, bool durable) => (QueueType, Durable) = (queueType, durable);

    internal QueueType QueueType { get; }

    internal bool Durable { get; }

    /// <summary>An exchange per endpoint and per message type, bound along the types' inheritance.</summary>
    public static RoutingTopology Conventional(QueueType queueType, bool useDurableEntities = true) =>
        queueType == QueueType.Quorum && !useDurableEntities
            ? throw new ArgumentException("Quorum queues are always durable.", nameof(useDurableEntities))
            : new RoutingTopology(queueType, useDurableEntities);
}
