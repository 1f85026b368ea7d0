using System.Collections.Concurrent;
using Portable.Messaging.Sending;

namespace Portable.Messaging.Testing;

/// <summary>A session that takes note of what is sent and published instead of doing so.</summary>
public class TestableMessageSession : IMessageSession
{
    private readonly ConcurrentQueue<SentMessage<object>> sent = [];
    private readonly ConcurrentQueue<PublishedMessage<object>> published = [];
    private readonly ConcurrentQueue<TimeoutMessage<object>> timeouts = [];
    private readonly ConcurrentQueue<Subscription> subscribed = [];
    private readonly ConcurrentQueue<Unsubscription> unsubscribed = [];

    public virtual SentMessage<object>[] SentMessages => [.. sent];

    public virtual PublishedMessage<object>[] PublishedMessages => [.. published];

    public TimeoutMessage<object>[] TimeoutMessages => [.. timeouts];

    public virtual Subscription[] Subscriptions => [.. subscribed];

    public virtual Unsubscription[] Unsubscription => [.. unsubscribed];

    public virtual Task Send(object message, SendOptions sendOptions, CancellationToken cancellationToken = default)
    {
        if (Timeouts.Of(message, sendOptions) is { } timeout)
        {
            timeouts.Enqueue(timeout);
        }

        sent.Enqueue(new SentMessage<object>(message, sendOptions));
        return Task.CompletedTask;
    }

    public virtual Task Send<T>(
        Action<T> messageConstructor, SendOptions sendOptions, CancellationToken cancellationToken = default) =>
        Send(MessageConstruction.Create(messageConstructor), sendOptions, cancellationToken);

    public virtual Task Publish(
        object message, PublishOptions publishOptions, CancellationToken cancellationToken = default)
    {
        published.Enqueue(new PublishedMessage<object>(message, publishOptions));
        return Task.CompletedTask;
    }

    public virtual Task Publish<T>(
        Action<T> messageConstructor, PublishOptions publishOptions, CancellationToken cancellationToken = default) =>
        Publish(MessageConstruction.Create(messageConstructor), publishOptions, cancellationToken);

    public virtual Task Subscribe(
        Type eventType, SubscribeOptions options, CancellationToken cancellationToken = default)
    {
        subscribed.Enqueue(new Subscription(eventType, options));
        return Task.CompletedTask;
    }

    public virtual Task Unsubscribe(
        Type eventType, UnsubscribeOptions options, CancellationToken cancellationToken = default)
    {
        unsubscribed.Enqueue(new Unsubscription(eventType, options));
        return Task.CompletedTask;
    }
}
