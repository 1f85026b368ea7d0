using Portable.Messaging.Transport;

namespace Portable.Messaging.Pipeline;

/// <summary>A stage of handling a message.</summary>
public interface IIncomingContext : IMessageProcessingContext, IBehaviorContext;

/// <summary>The stage where the message is headers and bytes.</summary>
public interface IIncomingPhysicalMessageContext : IIncomingContext
{
    IncomingMessage Message { get; }

    void UpdateMessage(ReadOnlyMemory<byte> body);
}

/// <summary>The stage where the message is an object, before its handlers.</summary>
public interface IIncomingLogicalMessageContext : IIncomingContext
{
    LogicalMessage Message { get; }

    Dictionary<string, string> Headers { get; }

    /// <summary>True when a handler, or a behavior, has taken care of the message.</summary>
    bool MessageHandled { get; set; }

    void UpdateMessageInstance(object newInstance);
}

/// <summary>The stage where one handler is called.</summary>
public interface IInvokeHandlerContext : IIncomingContext, IMessageHandlerContext
{
    MessageHandler MessageHandler { get; }

    Dictionary<string, string> Headers { get; }

    object MessageBeingHandled { get; }

    bool HandlerInvocationAborted { get; }
}

/// <summary>A message as an object.</summary>
public class LogicalMessage
{
    internal LogicalMessage(Type messageType, object instance) => (MessageType, Instance) = (messageType, instance);

    public Type MessageType { get; internal set; }

    public object Instance { get; internal set; }
}

/// <summary>A handler about to be called.</summary>
public class MessageHandler
{
    public virtual required Type HandlerType { get; init; }

    public virtual object? Instance { get; set; }

    public virtual Task Invoke(object message, IMessageHandlerContext handlerContext) => Task.CompletedTask;
}
