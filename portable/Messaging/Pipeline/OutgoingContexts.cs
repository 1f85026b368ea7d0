namespace Portable.Messaging.Pipeline;

/// <summary>A stage of sending a message.</summary>
public interface IOutgoingContext : IPipelineContext, IBehaviorContext
{
    string MessageId { get; }

    Dictionary<string, string> Headers { get; }
}

/// <summary>The stage where the outgoing message is an object.</summary>
public interface IOutgoingLogicalMessageContext : IOutgoingContext
{
    OutgoingLogicalMessage Message { get; }

    void UpdateMessage(object newInstance);
}

/// <summary>The stage where the outgoing message is headers and bytes.</summary>
public interface IOutgoingPhysicalMessageContext : IOutgoingContext
{
    ReadOnlyMemory<byte> Body { get; }

    void UpdateMessage(ReadOnlyMemory<byte> body);
}

/// <summary>An outgoing message as an object.</summary>
public class OutgoingLogicalMessage
{
    public OutgoingLogicalMessage(Type messageType, object message)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(message);
        (MessageType, Instance) = (messageType, message);
    }

    public Type MessageType { get; }

    public object Instance { get; }
}
