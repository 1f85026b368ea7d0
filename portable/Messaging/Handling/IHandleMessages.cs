namespace Portable.Messaging;

/// <summary>What all handlers have in common; see <see cref="IHandleMessages{T}"/>.</summary>
public interface IHandleMessages;

/// <summary>Handles messages of type <typeparamref name="T"/> and of every type derived from it. An instance per
/// message, made by the container.</summary>
public interface IHandleMessages<T> : IHandleMessages
{
    /// <summary>Handles one message. What is sent through <paramref name="context"/> leaves when the handler's
    /// transaction has committed. An exception rolls everything back and leads to a retry.</summary>
    Task Handle(T message, IMessageHandlerContext context);
}
