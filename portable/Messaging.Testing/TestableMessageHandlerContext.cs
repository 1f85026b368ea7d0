using Microsoft.Extensions.DependencyInjection;
using Portable.Messaging.Persistence;
using Portable.Messaging.Pipeline;

namespace Portable.Messaging.Testing;

/// <summary>The context of a stage of handling.</summary>
public abstract class TestableIncomingContext : TestableMessageProcessingContext, IIncomingContext
{
    /// <summary>What <c>Builder</c> resolves from.</summary>
    public IServiceCollection ServiceCollection { get; set; } = new ServiceCollection();

    IServiceProvider IBehaviorContext.Builder => GetBuilder();

    protected virtual IServiceProvider GetBuilder() => ServiceCollection.BuildServiceProvider();
}

/// <summary>The context of calling a handler.</summary>
public class TestableInvokeHandlerContext : TestableIncomingContext, IInvokeHandlerContext
{
    public bool DoNotContinueDispatchingCurrentMessageToHandlersWasCalled { get; set; }

    public bool HandlerInvocationAborted => DoNotContinueDispatchingCurrentMessageToHandlersWasCalled;

    public ISynchronizedStorageSession SynchronizedStorageSession { get; set; } = null!;

    public MessageHandler MessageHandler { get; set; } = new() { HandlerType = typeof(object) };

    public Dictionary<string, string> Headers { get; set; } = [];

    public object MessageBeingHandled { get; set; } = new();

    public void DoNotContinueDispatchingCurrentMessageToHandlers() =>
        DoNotContinueDispatchingCurrentMessageToHandlersWasCalled = true;
}

/// <summary>The context a handler under test is given.</summary>
public class TestableMessageHandlerContext : TestableInvokeHandlerContext;
