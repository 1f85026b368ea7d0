using Portable.Messaging.Extensibility;
using Portable.Messaging.Persistence;

namespace Portable.Messaging;

/// <summary>Carries the token that ends work when the endpoint can't wait for it any longer.</summary>
public interface ICancellableContext
{
    CancellationToken CancellationToken { get; }
}

/// <summary>Sends and publishes.</summary>
public interface IPipelineContext : IExtendable, ICancellableContext
{
    Task Send(object message, SendOptions options);

    Task Send<T>(Action<T> messageConstructor, SendOptions options);

    Task Publish(object message, PublishOptions options);

    Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions);
}

/// <summary>The message being processed, and answers to it.</summary>
public interface IMessageProcessingContext : IPipelineContext
{
    string MessageId { get; }

    string ReplyToAddress { get; }

    IReadOnlyDictionary<string, string> MessageHeaders { get; }

    Task Reply(object message, ReplyOptions options);

    Task Reply<T>(Action<T> messageConstructor, ReplyOptions options);

    Task ForwardCurrentMessageTo(string destination);
}

/// <summary>What a handler is given beside the message.</summary>
public interface IMessageHandlerContext : IMessageProcessingContext
{
    /// <summary>The transaction that commits with the message; see <c>SqlPersistenceSession()</c>.</summary>
    ISynchronizedStorageSession SynchronizedStorageSession { get; }

    void DoNotContinueDispatchingCurrentMessageToHandlers();
}
