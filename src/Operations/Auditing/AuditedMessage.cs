using Operations.Broker;
using Operations.Intake;

namespace Operations.Auditing;

/// <summary>A message that was handled, read off what came into the audit queue. Any bytes make one.</summary>
/// <param name="Id">This handling of it: the same when the broker delivers it again.</param>
/// <param name="UniqueId">The message and who handled it, as a failure of it would be called.</param>
internal sealed record AuditedMessage(
    Guid Id, Guid UniqueId, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>The day of those that do not say when they were handled, or whose clock is wrong.</summary>
    private static readonly DateOnly NoDay = new(1970, 1, 1);

    private readonly DateTime? started = WireTime.Parse(Headers.GetValueOrDefault(HeaderNames.ProcessingStarted));
    private readonly DateTime? ended = Ended(Headers);
    private readonly DateTime arrived = DateTime.UtcNow;

    public string? MessageId => Text(HeaderNames.MessageId);

    public string? MessageType { get; } = Failure.Clean(Failure.TypeOf(Headers));

    /// <summary>Of no application: a message of headers alone, by which endpoints talk to tools.</summary>
    public bool IsSystemMessage => Headers.ContainsKey(HeaderNames.ControlMessage) && MessageType is null;

    /// <summary>It had failed and was returned to its queue by an operator.</summary>
    public bool IsRetried => Headers.ContainsKey(HeaderNames.RetryUniqueMessageId);

    public DateTime? TimeSent { get; } = WireTime.Parse(Headers.GetValueOrDefault(HeaderNames.TimeSent));

    /// <summary>When it was handled; when it arrived here, where the message does not say.</summary>
    public DateTime ProcessedAt => ended ?? arrived;

    public DateOnly Day => ended is { } time ? DateOnly.FromDateTime(time) : NoDay;

    /// <summary>From when it was due to the end of its handling, in microseconds; 0 where it does not say.</summary>
    public long CriticalTime => Between(DueAt, ended);

    /// <summary>From the beginning to the end of its handling, in microseconds; 0 where it does not say.</summary>
    public long ProcessingTime => Between(started, ended);

    /// <summary>From when it was due to the beginning of its handling, in microseconds; 0 where it does not
    /// say.</summary>
    public long DeliveryTime => Between(DueAt, started);

    public EndpointAddress? Sender { get; } = EndpointAddress.Sender(Headers);

    public EndpointAddress? Receiver { get; } = EndpointAddress.Receiver(Headers);

    private DateTime? DueAt => WireTime.Parse(Headers.GetValueOrDefault(HeaderNames.DeliverAt)) ?? TimeSent;

    public static AuditedMessage Read(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body)
    {
        var unique = MessageIdentity.UniqueId(headers, body.Span);
        return new AuditedMessage(
            headers.TryGetValue(HeaderNames.ProcessingStarted, out var at)
                ? MessageIdentity.Of(
                    headers.GetValueOrDefault(HeaderNames.MessageId) ?? unique.ToString(),
                    headers.GetValueOrDefault(HeaderNames.ProcessingEndpoint), at)
                : MessageIdentity.OfBytes(headers, body.Span),
            unique, headers, body);
    }

    /// <summary>A header as text that the database takes; null where it is missing.</summary>
    public string? Text(string header) => Failure.Clean(Headers.GetValueOrDefault(header));

    // A time that has not come yet is no reason for keeping the message until it has.
    private static DateTime? Ended(IReadOnlyDictionary<string, string> headers) =>
        WireTime.Parse(headers.GetValueOrDefault(HeaderNames.ProcessingEnded)) is { } time
            && time < DateTime.UtcNow.AddDays(1)
                ? time
                : null;

    private static long Between(DateTime? from, DateTime? to) =>
        from is { } first && to is { } last ? (last - first).Ticks / TimeSpan.TicksPerMicrosecond : 0;
}
