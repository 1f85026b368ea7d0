using Portable.Messaging.Extensibility;

namespace Portable.Messaging.Testing;

/// <summary>A message that was sent, published or replied, with its options.</summary>
public class OutgoingMessage<TMessage, TOptions>
    where TOptions : ExtendableOptions
{
    protected OutgoingMessage(TMessage message, TOptions options) => (Message, Options) = (message, options);

    public TMessage Message { get; }

    public TOptions Options { get; }
}

/// <summary>A message that was sent.</summary>
public class SentMessage<TMessage>(TMessage message, SendOptions options)
    : OutgoingMessage<TMessage, SendOptions>(message, options);

/// <summary>A message that was published.</summary>
public class PublishedMessage<TMessage>(TMessage message, PublishOptions options)
    : OutgoingMessage<TMessage, PublishOptions>(message, options);

/// <summary>A message that was replied.</summary>
public class RepliedMessage<TMessage>(TMessage message, ReplyOptions options)
    : OutgoingMessage<TMessage, ReplyOptions>(message, options);

/// <summary>A timeout that a saga asked for.</summary>
public class TimeoutMessage<TMessage> : OutgoingMessage<TMessage, SendOptions>
{
    public TimeoutMessage(TMessage message, SendOptions options, DateTimeOffset at)
        : base(message, options) => At = at;

    public TimeoutMessage(TMessage message, SendOptions options, TimeSpan within)
        : base(message, options) => Within = within;

    public DateTimeOffset? At { get; }

    public TimeSpan? Within { get; }
}

/// <summary>An event type that was subscribed to.</summary>
public class Subscription(Type message, SubscribeOptions options)
    : OutgoingMessage<Type, SubscribeOptions>(message, options);

/// <summary>An event type that was unsubscribed from.</summary>
public class Unsubscription(Type message, UnsubscribeOptions options)
    : OutgoingMessage<Type, UnsubscribeOptions>(message, options);
