using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Portable.Messaging.Sagas;

namespace Portable.Messaging.Handling;

/// <summary>Calls one handler type for one message type, through a delegate made at start.</summary>
internal sealed class HandlerInvoker
{
    private static readonly MethodInfo MessageCall = Method(nameof(CallMessageHandler));
    private static readonly MethodInfo TimeoutCall = Method(nameof(CallTimeoutHandler));

    private readonly ObjectFactory create;
    private readonly Func<object, object, IMessageHandlerContext, Task> call;

    public HandlerInvoker(Type handlerType, Type messageType, bool isTimeout, SagaModel? saga)
    {
        (HandlerType, MessageType, IsTimeout, Saga) = (handlerType, messageType, isTimeout, saga);
        create = ActivatorUtilities.CreateFactory(handlerType, []);
        call = (isTimeout ? TimeoutCall : MessageCall).MakeGenericMethod(messageType)
            .CreateDelegate<Func<object, object, IMessageHandlerContext, Task>>();
    }

    public Type HandlerType { get; }

    public Type MessageType { get; }

    public bool IsTimeout { get; }

    /// <summary>The saga this handler is, if it is one.</summary>
    public SagaModel? Saga { get; }

    public object Create(IServiceProvider services) => create(services, null);

    public Task Invoke(object handler, object message, IMessageHandlerContext context) =>
        call(handler, message, context) ?? throw new InvalidOperationException(
            $"{HandlerType.FullName} returned null instead of a task for a {MessageType.Name}. "
            + "Return the task, or make the method async.");

    private static Task CallMessageHandler<T>(object handler, object message, IMessageHandlerContext context) =>
        ((IHandleMessages<T>)handler).Handle((T)message, context);

    private static Task CallTimeoutHandler<T>(object handler, object message, IMessageHandlerContext context) =>
        ((IHandleTimeouts<T>)handler).Timeout((T)message, context);

    private static MethodInfo Method(string name) =>
        typeof(HandlerInvoker).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}
