using Portable.Messaging.Extensibility;

namespace Portable.Messaging.Transport;

/// <summary>A message as it came from the broker.</summary>
public class IncomingMessage
{
    public IncomingMessage(string nativeMessageId, Dictionary<string, string> headers, ReadOnlyMemory<byte> body)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nativeMessageId);
        ArgumentNullException.ThrowIfNull(headers);
        NativeMessageId = nativeMessageId;
        Headers = headers;
        Body = OriginalBody = body;
        if (!headers.TryGetValue(Messaging.Headers.MessageId, out var id) || string.IsNullOrEmpty(id))
        {
            headers[Messaging.Headers.MessageId] = id = nativeMessageId;
        }

        MessageId = id;
    }

    /// <summary>Header <c>NServiceBus.MessageId</c>, else the native id.</summary>
    public string MessageId { get; }

    public string NativeMessageId { get; }

    public Dictionary<string, string> Headers { get; }

    public ReadOnlyMemory<byte> Body { get; internal set; }

    /// <summary>The body as it came, whatever behaviors have made of it.</summary>
    internal ReadOnlyMemory<byte> OriginalBody { get; }
}

/// <summary>What the sender meant and where it wants its answers.</summary>
public static class IncomingMessageExtensions
{
    /// <summary>The intent; messages of plain AMQP clients have none, which is the default value.</summary>
    public static MessageIntent GetMessageIntent(this IncomingMessage message) =>
        message.Headers.TryGetValue(Headers.MessageIntent, out var intent)
            && Enum.TryParse<MessageIntent>(intent, ignoreCase: true, out var parsed)
                ? parsed
                : default;

    public static string? GetReplyToAddress(this IncomingMessage message) =>
        message.Headers.GetValueOrDefault(Headers.ReplyToAddress);
}

/// <summary>A message whose handling failed.</summary>
public class ErrorContext(
    Exception exception,
    Dictionary<string, string> headers,
    string nativeMessageId,
    ReadOnlyMemory<byte> body,
    int immediateProcessingFailures,
    string receiveAddress,
    ContextBag context)
{
    public Exception Exception { get; } = exception;

    public Dictionary<string, string> Headers { get; } = headers;

    public string NativeMessageId { get; } = nativeMessageId;

    public string MessageId { get; } =
        headers.GetValueOrDefault(Messaging.Headers.MessageId) ?? nativeMessageId;

    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>Failures since the message last left the queue for good, at least one.</summary>
    public int ImmediateProcessingFailures { get; } = immediateProcessingFailures;

    /// <summary>Delayed retries so far.</summary>
    public int DelayedDeliveriesPerformed { get; } =
        headers.TryGetValue(Messaging.Headers.DelayedRetries, out var text) && int.TryParse(text, out var retries)
            ? retries
            : 0;

    public string ReceiveAddress { get; } = receiveAddress;

    public ContextBag Extensions { get; } = context;
}
