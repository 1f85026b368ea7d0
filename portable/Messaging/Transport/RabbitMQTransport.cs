using Portable.Messaging.Transport;
using RabbitMQ.Client.Events;

namespace Portable.Messaging;

/// <summary>RabbitMQ 3.10 or newer: quorum queues, confirmed publishes.</summary>
/// <param name="routingTopology">How exchanges and queues are laid out.</param>
/// <param name="connectionString"><c>amqp://user:password@host:port/vhost</c> or
/// <c>host=…;port=…;username=…;password=…;virtualHost=…;useTls=…</c>.</param>
public class RabbitMQTransport(RoutingTopology routingTopology, string connectionString) : TransportDefinition
{
    /// <summary>Where the broker's management API answers. Where it is set, a receiving endpoint checks the broker's
    /// version and its queue's delivery limit there when it starts. Without it this edition checks nothing.</summary>
    public ManagementApiConfiguration? ManagementApiConfiguration { get; set; }

    /// <summary>Id of a delivery; by default its <c>message-id</c> property.</summary>
    public Func<BasicDeliverEventArgs, string> MessageIdStrategy { get; set; } = MessageIdProperty;

    /// <summary>Unacknowledged messages the broker may push ahead; by default three per concurrent handler.</summary>
    public PrefetchCountCalculation PrefetchCountCalculation { get; set; } = maximum => 3L * maximum;

    /// <summary>How long the broker may be away before the endpoint raises a critical error (2 minutes by default). It
    /// goes on trying.</summary>
    public TimeSpan TimeToWaitBeforeTriggeringCircuitBreaker { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Interval of heartbeats that find a dead connection (60 seconds by default).</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Wait between attempts to reconnect (10 seconds at most; the first attempts follow sooner).</summary>
    public TimeSpan NetworkRecoveryInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the broker's certificate is checked (true by default).</summary>
    public bool ValidateRemoteCertificate { get; set; } = true;

    internal RoutingTopology RoutingTopology { get; } =
        routingTopology ?? throw new ArgumentNullException(nameof(routingTopology));

    internal string ConnectionString { get; } = !string.IsNullOrWhiteSpace(connectionString)
        ? connectionString
        : throw new ArgumentException(
            "The RabbitMQ connection string is empty. Expected amqp://user:password@host:port.",
            nameof(connectionString));

    private static string MessageIdProperty(BasicDeliverEventArgs delivery) =>
        delivery.BasicProperties.IsMessageIdPresent() && !string.IsNullOrEmpty(delivery.BasicProperties.MessageId)
            ? delivery.BasicProperties.MessageId
            : throw new InvalidOperationException(
                "The message has no 'message-id' property. The sender must set it: without it duplicates "
                + "can't be told.");
}

/// <summary>How many messages the broker may push ahead, given the number handled at once.</summary>
public delegate long PrefetchCountCalculation(int maximumConcurrency);

/// <summary>Kinds of queues.</summary>
public enum QueueType
{
    Classic = 0,
    Quorum = 1,
}
