namespace Portable.Messaging.Transport;

/// <summary>One message on its way to the broker: to an endpoint (<see cref="Destination"/>) or to the subscribers of
/// an event (<see cref="EventType"/>).</summary>
internal sealed class OutgoingOperation(string messageId, Dictionary<string, string> headers, ReadOnlyMemory<byte> body)
{
    public string MessageId { get; } = messageId;

    public Dictionary<string, string> Headers { get; } = headers;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public string? Destination { get; init; }

    public Type? EventType { get; init; }

    public TimeSpan? Delay { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The broker drops the message when it has waited so long in a queue; null: never.</summary>
    public TimeSpan? TimeToLive { get; init; }

    public bool IsDelayed => Delay is not null || DueAt is not null;

    /// <summary>True when the body goes out with the properties it came in with: a poison message.</summary>
    public RabbitMQ.Client.BasicProperties? RawProperties { get; init; }
}
