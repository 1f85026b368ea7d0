namespace Portable.Messaging;

/// <summary>Sends and publishes outside of a handler; every operation returns when the broker has confirmed it.
/// From the container once the endpoint is hosted. Inside a handler use its context instead.</summary>
public interface IMessageSession
{
    Task Send(object message, SendOptions sendOptions, CancellationToken cancellationToken = default);

    Task Send<T>(
        Action<T> messageConstructor, SendOptions sendOptions, CancellationToken cancellationToken = default);

    Task Publish(object message, PublishOptions publishOptions, CancellationToken cancellationToken = default);

    Task Publish<T>(
        Action<T> messageConstructor, PublishOptions publishOptions, CancellationToken cancellationToken = default);

    Task Subscribe(Type eventType, SubscribeOptions subscribeOptions, CancellationToken cancellationToken = default);

    Task Unsubscribe(
        Type eventType, UnsubscribeOptions unsubscribeOptions, CancellationToken cancellationToken = default);
}
