using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using Portable.Messaging.Sending;

namespace Portable.Messaging.Testing;

/// <summary>Takes note of replies as well.</summary>
public class TestableMessageProcessingContext : TestablePipelineContext, IMessageProcessingContext
{
    private readonly ConcurrentQueue<RepliedMessage<object>> replied = [];
    private readonly ConcurrentQueue<string> forwarded = [];

    public string MessageId { get; set; } = Guid.NewGuid().ToString();

    public string ReplyToAddress { get; set; } = "reply address";

    public IDictionary<string, string> MessageHeaders { get; set; } = new Dictionary<string, string>();

    IReadOnlyDictionary<string, string> IMessageProcessingContext.MessageHeaders =>
        new ReadOnlyDictionary<string, string>(MessageHeaders);

    public virtual RepliedMessage<object>[] RepliedMessages => [.. replied];

    public virtual string[] ForwardedMessages => [.. forwarded];

    public virtual Task Reply(object message, ReplyOptions options)
    {
        replied.Enqueue(new RepliedMessage<object>(message, options));
        return Task.CompletedTask;
    }

    public virtual Task Reply<T>(Action<T> messageConstructor, ReplyOptions options) =>
        Reply(MessageConstruction.Create(messageConstructor), options);

    public virtual Task ForwardCurrentMessageTo(string destination)
    {
        forwarded.Enqueue(destination);
        return Task.CompletedTask;
    }
}
