using Operations.Broker;

namespace Operations.Bulk;

/// <summary>A failed message as it goes back to its queue.</summary>
internal static class ReturnedMessage
{
    /// <summary>What the failure left in the headers, by what the names begin with.</summary>
    private static readonly string[] OfTheFailure =
    [
        "NServiceBus.Retries", HeaderNames.FailedQueue, HeaderNames.TimeOfFailure, "NServiceBus.ExceptionInfo.",
        HeaderNames.EditOf,
    ];

    /// <summary>
    /// The message as it was before it failed, with its own id, and the wish that whoever handles it says so to the
    /// error queue under the id that the failed message has here.
    /// </summary>
    /// <param name="queue">Where it failed, or where a redirect leads.</param>
    public static OutgoingMessage Of(
        Guid id, string queue, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body,
        string errorQueue)
    {
        var cleaned = WithoutFailure(headers);
        cleaned[HeaderNames.RetryUniqueMessageId] = id.ToString();
        return To(queue, id, cleaned, body, errorQueue);
    }

    /// <summary>A message with these headers, through the gateway where one is between here and its queue.</summary>
    public static OutgoingMessage To(
        string queue, Guid id, Dictionary<string, string> headers, ReadOnlyMemory<byte> body, string errorQueue)
    {
        headers[HeaderNames.RetryAcknowledgementQueue] = errorQueue;
        headers.Remove(HeaderNames.TargetEndpointAddress);
        if (headers.TryGetValue(HeaderNames.RetryTo, out var gateway))
        {
            headers[HeaderNames.TargetEndpointAddress] = queue;
            queue = gateway;
        }

        return new OutgoingMessage(id, queue, headers, body);
    }

    public static Dictionary<string, string> WithoutFailure(
        IEnumerable<KeyValuePair<string, string>> headers) => headers
        .Where(header => !OfTheFailure.Any(name => header.Key.StartsWith(name, StringComparison.Ordinal)))
        .ToDictionary(StringComparer.Ordinal);
}
