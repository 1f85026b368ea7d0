using Portable.Messaging.Extensibility;
using Portable.Messaging.Persistence;
using Portable.Messaging.Pipeline;
using Portable.Messaging.SagaAudit;
using Portable.Messaging.Sagas;
using Portable.Messaging.Sending;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Handling;

/// <summary>The context of one message in all stages of its handling. What is sent through it waits until the
/// transaction has committed, except where options ask for immediate dispatch.</summary>
internal sealed class HandlingContext(
    IncomingMessage incoming,
    OutgoingMessages outgoing,
    Publisher publisher,
    IServiceProvider services,
    CancellationToken cancellationToken)
    : IIncomingPhysicalMessageContext, IIncomingLogicalMessageContext, IInvokeHandlerContext
{
    public List<OutgoingOperation> Pending { get; } = [];

    public ContextBag Extensions => field ??= new ContextBag();

    public CancellationToken CancellationToken => cancellationToken;

    public IServiceProvider Builder => services;

    public string MessageId => incoming.MessageId;

    // Null where there is none, as in NServiceBus, whatever its type says.
    public string ReplyToAddress => incoming.GetReplyToAddress()!;

    public IReadOnlyDictionary<string, string> MessageHeaders => incoming.Headers;

    public Dictionary<string, string> Headers => incoming.Headers;

    public IncomingMessage Incoming => incoming;

    IncomingMessage IIncomingPhysicalMessageContext.Message => incoming;

    LogicalMessage IIncomingLogicalMessageContext.Message => Logical;

    public LogicalMessage Logical { get; set; } = null!;

    public bool MessageHandled { get; set; }

    public MessageHandler MessageHandler { get; set; } = null!;

    public object MessageBeingHandled => Logical.Instance;

    public bool HandlerInvocationAborted { get; private set; }

    public ISynchronizedStorageSession SynchronizedStorageSession { get; set; } = NoStorageSession.Instance;

    /// <summary>The saga whose handler runs; its id goes with what it sends.</summary>
    public ActiveSaga? Saga { get; set; }

    /// <summary>What sagas do with the message; null where it is not reported.</summary>
    public SagaTrail? Trail { get; set; }

    private MessageOrigin Origin =>
        new(services, incoming, Saga is { NotFound: false } saga ? (saga.Data!.Id, saga.Model.SagaType) : null);

    public void DoNotContinueDispatchingCurrentMessageToHandlers() => HandlerInvocationAborted = true;

    void IIncomingPhysicalMessageContext.UpdateMessage(ReadOnlyMemory<byte> body) => incoming.Body = body;

    public void UpdateMessageInstance(object newInstance)
    {
        ArgumentNullException.ThrowIfNull(newInstance);
        Logical.Instance = newInstance;
        Logical.MessageType = newInstance.GetType();
    }

    public Task Send(object message, SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return outgoing.Send(message, options, Origin, this, operation => Add(operation, options));
    }

    public Task Send<T>(Action<T> messageConstructor, SendOptions options) =>
        Send(MessageConstruction.Create(messageConstructor), options);

    public Task Publish(object message, PublishOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return outgoing.Publish(message, options, Origin, this, operation => Add(operation, options));
    }

    public Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions) =>
        Publish(MessageConstruction.Create(messageConstructor), publishOptions);

    public Task Reply(object message, ReplyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return outgoing.Reply(message, options, Origin, this, operation => Add(operation, options));
    }

    public Task Reply<T>(Action<T> messageConstructor, ReplyOptions options) =>
        Reply(MessageConstruction.Create(messageConstructor), options);

    public Task ForwardCurrentMessageTo(string destination)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(destination);
        Pending.Add(new OutgoingOperation(MessageId, new Dictionary<string, string>(incoming.Headers), incoming.Body)
        {
            Destination = destination,
        });
        return Task.CompletedTask;
    }

    private Task Add(OutgoingOperation operation, ExtendableOptions options)
    {
        if (Saga is not null)
        {
            Trail?.Add(operation);
        }

        if (options.ImmediateDispatch)
        {
            return publisher.Dispatch([operation], cancellationToken);
        }

        // Handlers may send from several tasks at once.
        lock (Pending)
        {
            Pending.Add(operation);
        }

        return Task.CompletedTask;
    }
}
