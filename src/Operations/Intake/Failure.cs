using Operations.Broker;
using Operations.Groups;

namespace Operations.Intake;

/// <summary>One failure of a message, read off what came into the error queue. Any bytes make a failure.</summary>
internal sealed record Failure(
    Guid Id, Guid AttemptKey, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    public string? MessageId => Text(HeaderNames.MessageId);

    public string? MessageType { get; } = Clean(TypeOf(Headers));

    public bool IsSystemMessage => Headers.ContainsKey(HeaderNames.ControlMessage);

    public DateTime? TimeSent { get; } = WireTime.Parse(Headers.GetValueOrDefault(HeaderNames.TimeSent));

    /// <summary>When it failed; when it arrived here, where the message does not say.</summary>
    public DateTime FailedAt { get; } =
        WireTime.Parse(Headers.GetValueOrDefault(HeaderNames.TimeOfFailure)) ?? DateTime.UtcNow;

    public EndpointAddress? Sender { get; } = EndpointAddress.Sender(Headers);

    public EndpointAddress? Receiver { get; } = EndpointAddress.Receiver(Headers);

    /// <summary>The queue it goes back to; null for bytes that say nothing of where they came from.</summary>
    public string? Queue => Text(HeaderNames.FailedQueue);

    public static Failure Read(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body) => new(
        MessageIdentity.UniqueId(headers, body.Span), MessageIdentity.AttemptKey(headers, body.Span), headers, body);

    /// <summary>A header as text that the database takes; null where it is missing.</summary>
    public string? Text(string header) => Clean(Headers.GetValueOrDefault(header));

    public MessageGroup? Group(Classifier classifier) =>
        Classification.Of(classifier, Headers, MessageType, Receiver) is { } group
            ? group with { Title = Clean(group.Title)! }
            : null;

    /// <summary>PostgreSQL's text takes every character but NUL.</summary>
    public static string? Clean(string? text) => text?.Replace('\0', '\uFFFD');

    public static string? TypeOf(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue(HeaderNames.EnclosedMessageTypes, out var types) ? types.Split(',', ';')[0].Trim() : null;
}
