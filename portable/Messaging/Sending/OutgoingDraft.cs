using Portable.Messaging.Extensibility;
using Portable.Messaging.Pipeline;

namespace Portable.Messaging.Sending;

/// <summary>A message on its way through the outgoing pipeline.</summary>
internal sealed class OutgoingDraft(
    string messageId,
    Dictionary<string, string> headers,
    object message,
    IPipelineContext sender,
    IServiceProvider services) : IOutgoingLogicalMessageContext, IOutgoingPhysicalMessageContext
{
    private ContextBag? extensions;

    public string MessageId { get; } = messageId;

    public Dictionary<string, string> Headers { get; } = headers;

    public OutgoingLogicalMessage Message { get; private set; } = new(message.GetType(), message);

    public ReadOnlyMemory<byte> Body { get; private set; }

    public IServiceProvider Builder => services;

    public ContextBag Extensions => extensions ??= new ContextBag(sender.Extensions);

    public CancellationToken CancellationToken => sender.CancellationToken;

    public void UpdateMessage(object newInstance)
    {
        ArgumentNullException.ThrowIfNull(newInstance);
        Message = new OutgoingLogicalMessage(newInstance.GetType(), newInstance);
    }

    public void UpdateMessage(ReadOnlyMemory<byte> body) => Body = body;

    public Task Send(object message, SendOptions options) => sender.Send(message, options);

    public Task Send<T>(Action<T> messageConstructor, SendOptions options) => sender.Send(messageConstructor, options);

    public Task Publish(object message, PublishOptions options) => sender.Publish(message, options);

    public Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions) =>
        sender.Publish(messageConstructor, publishOptions);
}
