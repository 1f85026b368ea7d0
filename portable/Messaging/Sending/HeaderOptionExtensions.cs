using Portable.Messaging.Extensibility;

namespace Portable.Messaging;

/// <summary>Headers of an outgoing message.</summary>
public static class HeaderOptionExtensions
{
    public static void SetHeader(this ExtendableOptions options, string key, string value)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(key);
        options.OutgoingHeaders[key] = value;
    }

    public static IReadOnlyDictionary<string, string> GetHeaders(this ExtendableOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.OutgoingHeaders;
    }
}

/// <summary>The id of an outgoing message.</summary>
public static class MessageIdExtensions
{
    extension(ExtendableOptions options)
    {
        /// <summary>Uses this id instead of a new one. A message with the id of one already handled is dropped by an
        /// endpoint with an outbox.</summary>
        public void SetMessageId(string messageId)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(messageId);
            options.MessageId = messageId;
        }

        public string? GetMessageId() => options.MessageId;
    }
}

/// <summary>Messages that leave at once, whatever becomes of the one being handled.</summary>
public static class ImmediateDispatchOptionExtensions
{
    public static void RequireImmediateDispatch(this ExtendableOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ImmediateDispatch = true;
    }

    public static bool IsImmediateDispatchSet(this ExtendableOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ImmediateDispatch;
    }
}
