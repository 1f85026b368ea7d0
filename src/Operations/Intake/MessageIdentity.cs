using System.Security.Cryptography;
using System.Text;
using Operations.Broker;

namespace Operations.Intake;

/// <summary>
/// Who is who among failed messages; the rules are ServiceControl's, so that both name a message alike.
/// </summary>
internal static class MessageIdentity
{
    /// <summary>MD5 of the texts put together, as a Guid.</summary>
    public static Guid Of(params ReadOnlySpan<string?> texts) =>
        new(MD5.HashData(Encoding.UTF8.GetBytes(string.Concat(texts!))));

    /// <summary>
    /// The same for every failure of a message: its own from an earlier retry, else made of message id and endpoint.
    /// A message without any id is known by its bytes.
    /// </summary>
    public static Guid UniqueId(IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> body)
    {
        if (headers.TryGetValue(HeaderNames.RetryUniqueMessageId, out var earlier))
            return Guid.TryParse(earlier, out var known) ? known : Of(earlier);
        return headers.TryGetValue(HeaderNames.MessageId, out var messageId) && messageId.Length > 0
            ? Of(messageId, EndpointName(headers))
            : OfBytes(headers, body);
    }

    /// <summary>Tells a failure from its own redelivery: when and where the message failed.</summary>
    public static Guid AttemptKey(IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> body) =>
        headers.TryGetValue(HeaderNames.TimeOfFailure, out var time)
            ? Of(time, headers.GetValueOrDefault(HeaderNames.FailedQueue))
            : OfBytes(headers, body);

    private static string? EndpointName(IReadOnlyDictionary<string, string> headers) =>
        headers.GetValueOrDefault(HeaderNames.ProcessingEndpoint)
        ?? QueueOf(headers.GetValueOrDefault(HeaderNames.FailedQueue))
        ?? QueueOf(headers.GetValueOrDefault(HeaderNames.ReplyToAddress));

    /// <summary>The queue of an address <c>queue@machine</c>.</summary>
    public static string? QueueOf(string? address) => address?.Split('@')[0];

    public static Guid OfBytes(IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var (name, value) in headers.OrderBy(header => header.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}={value}\n"));
        hash.AppendData(body);
        return new Guid(hash.GetHashAndReset());
    }
}
