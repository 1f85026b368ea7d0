namespace Portable.Messaging.Unicast.Queuing;

/// <summary>A message was sent to an endpoint that has no queue on this broker.</summary>
public class QueueNotFoundException : Exception
{
    public QueueNotFoundException(string? queue, string message, Exception? inner)
        : base(message, inner) => Queue = queue;

    /// <summary>Name of the endpoint, which is the name of its queue.</summary>
    public string? Queue { get; }

    internal static QueueNotFoundException For(string endpoint, Exception? inner = null) => new(
        endpoint,
        $"No endpoint '{endpoint}' on this broker: nothing is bound under that name. Start that endpoint once (it "
        + "creates its queue), or correct the route to it.",
        inner);
}
