using Portable.Messaging.Extensibility;
using Portable.Messaging.Persistence;

namespace Portable.Messaging
{
    /// <summary>A message that starts a saga when none is found for it. Several types may start the same saga, in
    /// any order.</summary>
    public interface IAmStartedByMessages<T> : IHandleMessages<T>;

    /// <summary>Handles a timeout that the saga requested. It arrives once, at or after the time asked for, and is
    /// dropped when the saga has completed.</summary>
    public interface IHandleTimeouts<T>
    {
        Task Timeout(T state, IMessageHandlerContext context);
    }

    /// <summary>Called when a message reaches a saga type, may not start one, and none is found. Registered in
    /// <c>ConfigureHowToFindSaga</c> with <c>mapper.ConfigureNotFoundHandler</c>.</summary>
    public interface ISagaNotFoundHandler
    {
        Task Handle(object message, IMessageProcessingContext context);
    }
}

namespace Portable.Messaging.Sagas
{
    /// <summary>What all saga finders have in common.</summary>
    public interface IFinder;

    /// <summary>Finds the saga of a message where no single property does.</summary>
    public interface ISagaFinder<TSagaData, TMessage> : IFinder
        where TSagaData : IContainSagaData
    {
        Task<TSagaData?> FindBy(
            TMessage message,
            ISynchronizedStorageSession storageSession,
            IReadOnlyContextBag context,
            CancellationToken cancellationToken = default);
    }
}
