using Portable.Messaging.Extensibility;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Sending;

/// <summary>Sends outside of handlers: at once, confirmed by the broker.</summary>
internal sealed class MessageSession(
    OutgoingMessages outgoing, Publisher publisher, Subscriptions subscriptions, IServiceProvider services)
    : IMessageSession
{
    public Task Send(object message, SendOptions sendOptions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sendOptions);
        return outgoing.Send(
            message, sendOptions, new MessageOrigin(services), new Sender(this, cancellationToken),
            operation => publisher.Dispatch([operation], cancellationToken));
    }

    public Task Send<T>(
        Action<T> messageConstructor, SendOptions sendOptions, CancellationToken cancellationToken = default) =>
        Send(MessageConstruction.Create(messageConstructor), sendOptions, cancellationToken);

    public Task Publish(
        object message, PublishOptions publishOptions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(publishOptions);
        return outgoing.Publish(
            message, publishOptions, new MessageOrigin(services), new Sender(this, cancellationToken),
            operation => publisher.Dispatch([operation], cancellationToken));
    }

    public Task Publish<T>(
        Action<T> messageConstructor, PublishOptions publishOptions, CancellationToken cancellationToken = default) =>
        Publish(MessageConstruction.Create(messageConstructor), publishOptions, cancellationToken);

    public Task Subscribe(
        Type eventType, SubscribeOptions subscribeOptions, CancellationToken cancellationToken = default) =>
        subscriptions.Subscribe([eventType], cancellationToken);

    public Task Unsubscribe(
        Type eventType, UnsubscribeOptions unsubscribeOptions, CancellationToken cancellationToken = default) =>
        subscriptions.Unsubscribe(eventType, cancellationToken);

    /// <summary>What behaviors of the outgoing pipeline send with.</summary>
    private sealed class Sender(MessageSession session, CancellationToken cancellationToken) : IPipelineContext
    {
        public ContextBag Extensions => field ??= new ContextBag();

        public CancellationToken CancellationToken => cancellationToken;

        public Task Send(object message, SendOptions options) => session.Send(message, options, cancellationToken);

        public Task Send<T>(Action<T> messageConstructor, SendOptions options) =>
            session.Send(messageConstructor, options, cancellationToken);

        public Task Publish(object message, PublishOptions options) =>
            session.Publish(message, options, cancellationToken);

        public Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions) =>
            session.Publish(messageConstructor, publishOptions, cancellationToken);
    }
}
