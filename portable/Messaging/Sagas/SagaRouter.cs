using Portable.Messaging.Handling;
using Portable.Messaging.Messages;
using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Sagas;

/// <summary>Decides which sagas a message is for, and how each is looked up.</summary>
internal static class SagaRouter
{
    /// <summary>The lookup of each saga among the handlers; nothing for those with a finder of their own.</summary>
    public static List<SagaLookup> Lookups(
        HandlerInvoker[] handlers, MessageType type, object message, IncomingMessage incoming)
    {
        List<SagaLookup>? lookups = null;
        foreach (var handler in handlers)
        {
            if (handler.Saga is { } saga
                && TakesPart(handler, incoming)
                && lookups?.Exists(l => l.Model == saga) != true
                && Lookup(saga, type, message, incoming) is { } lookup)
            {
                (lookups ??= []).Add(lookup);
            }
        }

        return lookups ?? Nothing;
    }

    /// <summary>False for a timeout's other handlers and for a message that is meant for another saga type.</summary>
    public static bool TakesPart(HandlerInvoker handler, IncomingMessage incoming)
    {
        if (handler.IsTimeout != incoming.Headers.ContainsKey(Headers.IsSagaTimeoutMessage))
        {
            return false;
        }

        return handler.Saga is not { } saga
            || !incoming.Headers.ContainsKey(Headers.SagaId)
            || !incoming.Headers.TryGetValue(Headers.SagaType, out var target)
            || Names(target, saga)
            || !IsKnown(target);
    }

    /// <summary>True when the message may start this saga: it is not addressed to one that is gone.</summary>
    public static bool MayStart(SagaModel saga, MessageType type, IncomingMessage incoming) =>
        saga.IsStartedBy(type.Hierarchy)
            && !(incoming.Headers.ContainsKey(Headers.SagaId)
                && incoming.Headers.TryGetValue(Headers.SagaType, out var target)
                && Names(target, saga));

    private static readonly List<SagaLookup> Nothing = [];

    private static SagaLookup? Lookup(SagaModel saga, MessageType type, object message, IncomingMessage incoming)
    {
        var mayStart = MayStart(saga, type, incoming);
        if (incoming.Headers.TryGetValue(Headers.SagaId, out var id) && Guid.TryParse(id, out var sagaId))
        {
            return new SagaLookup(saga, sagaId, null, mayStart);
        }

        return saga.FinderOf(type.Hierarchy) switch
        {
            CorrelationFinder finder when finder.ValueOf(message, incoming.Headers) is var value =>
                saga.Correlation!.Name == nameof(IContainSagaData.Id)
                    ? new SagaLookup(saga, (Guid)value, value, mayStart)
                    : new SagaLookup(saga, null, value, mayStart),
            CustomFinder => null,
            _ => throw new InvalidOperationException(
                $"Saga {saga.SagaType.Name} handles {type.Type.Name} but does not say how to find it, and the message "
                + $"carries no saga id. Add .ToMessage<{type.Type.Name}>(m => m.…) in ConfigureHowToFindSaga."),
        };
    }

    private static bool Names(string header, SagaModel saga)
    {
        var name = saga.SagaType.FullName!;
        return header.StartsWith(name, StringComparison.Ordinal)
            && (header.Length == name.Length || header[name.Length] == ',');
    }

    // A type that was renamed or moved: the id then decides alone.
    private static bool IsKnown(string header) => Type.GetType(header, throwOnError: false) is not null;
}
