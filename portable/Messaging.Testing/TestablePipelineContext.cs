using System.Collections.Concurrent;
using Portable.Messaging.Extensibility;
using Portable.Messaging.Sending;

namespace Portable.Messaging.Testing;

/// <summary>Takes note of what is sent and published instead of doing so.</summary>
public class TestablePipelineContext : IPipelineContext
{
    private readonly ConcurrentQueue<SentMessage<object>> sent = [];
    private readonly ConcurrentQueue<PublishedMessage<object>> published = [];
    private readonly ConcurrentQueue<TimeoutMessage<object>> timeouts = [];

    public ContextBag Extensions { get; set; } = new();

    public CancellationToken CancellationToken { get; set; }

    /// <summary>What was sent, timeouts too.</summary>
    public virtual SentMessage<object>[] SentMessages => [.. sent];

    public virtual PublishedMessage<object>[] PublishedMessages => [.. published];

    public TimeoutMessage<object>[] TimeoutMessages => [.. timeouts];

    public virtual Task Send(object message, SendOptions options)
    {
        if (Timeouts.Of(message, options) is { } timeout)
        {
            timeouts.Enqueue(timeout);
        }

        sent.Enqueue(new SentMessage<object>(message, options));
        return Task.CompletedTask;
    }

    public virtual Task Send<T>(Action<T> messageConstructor, SendOptions options) =>
        Send(MessageConstruction.Create(messageConstructor), options);

    public virtual Task Publish(object message, PublishOptions options)
    {
        published.Enqueue(new PublishedMessage<object>(message, options));
        return Task.CompletedTask;
    }

    public virtual Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions) =>
        Publish(MessageConstruction.Create(messageConstructor), publishOptions);
}

/// <summary>Tells timeouts from other messages.</summary>
internal static class Timeouts
{
    public static TimeoutMessage<object>? Of(object message, SendOptions options)
    {
        if (!options.GetHeaders().ContainsKey(Headers.IsSagaTimeoutMessage))
        {
            return null;
        }

        return options.GetDeliveryDelay() is { } within
            ? new TimeoutMessage<object>(message, options, within)
            : new TimeoutMessage<object>(message, options, options.GetDeliveryDate()!.Value);
    }
}
