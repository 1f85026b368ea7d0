namespace Portable.Messaging.Testing;

/// <summary>Picks outgoing messages by type.</summary>
public static class OutgoingMessageExtensions
{
    public static IEnumerable<SentMessage<TMessage>> Containing<TMessage>(
        this IEnumerable<SentMessage<object>> sentMessages) =>
        sentMessages.Where(m => m.Message is TMessage)
            .Select(m => new SentMessage<TMessage>((TMessage)m.Message, m.Options));

    public static IEnumerable<PublishedMessage<TMessage>> Containing<TMessage>(
        this IEnumerable<PublishedMessage<object>> publishedMessages) =>
        publishedMessages.Where(m => m.Message is TMessage)
            .Select(m => new PublishedMessage<TMessage>((TMessage)m.Message, m.Options));

    public static IEnumerable<RepliedMessage<TMessage>> Containing<TMessage>(
        this IEnumerable<RepliedMessage<object>> repliedMessages) =>
        repliedMessages.Where(m => m.Message is TMessage)
            .Select(m => new RepliedMessage<TMessage>((TMessage)m.Message, m.Options));

    public static TMessage Message<TMessage>(this SentMessage<object> sentMessage)
        where TMessage : class =>
        (sentMessage.Message as TMessage)!;

    public static TMessage Message<TMessage>(this PublishedMessage<object> sentMessage)
        where TMessage : class =>
        (sentMessage.Message as TMessage)!;

    public static TMessage Message<TMessage>(this RepliedMessage<object> sentMessage)
        where TMessage : class =>
        (sentMessage.Message as TMessage)!;
}
