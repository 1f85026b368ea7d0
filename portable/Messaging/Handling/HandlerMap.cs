using System.Collections.Concurrent;
using Portable.Messaging.Sagas;

namespace Portable.Messaging.Handling;

/// <summary>Which handlers take a message, in the order they run.</summary>
internal sealed class HandlerMap
{
    private readonly List<HandlerInvoker> invokers = [];
    private readonly ConcurrentDictionary<Type, MessageHandlers> byMessage = [];

    public HandlerMap(IEnumerable<Type> handlerTypes, IReadOnlyDictionary<Type, SagaModel> sagas)
    {
        foreach (var type in handlerTypes.Distinct())
        {
            sagas.TryGetValue(type, out var saga);
            foreach (var implemented in type.GetInterfaces().Where(i => i.IsGenericType))
            {
                var definition = implemented.GetGenericTypeDefinition();
                if (definition == typeof(IHandleMessages<>) || definition == typeof(IHandleTimeouts<>))
                {
                    invokers.Add(new HandlerInvoker(
                        type,
                        implemented.GetGenericArguments()[0],
                        definition == typeof(IHandleTimeouts<>),
                        saga));
                }
            }
        }
    }

    /// <summary>All message types that are handled here.</summary>
    public IEnumerable<Type> MessageTypes => invokers.Select(i => i.MessageType).Distinct();

    /// <summary>The handlers of a type: those of it, of its base types and of its interfaces.</summary>
    public MessageHandlers For(Type messageType) => byMessage.GetOrAdd(
        messageType, type => new MessageHandlers([.. invokers.Where(i => i.MessageType.IsAssignableFrom(type))]));
}

/// <summary>The handlers of one message type, in the order they run.</summary>
internal sealed record MessageHandlers(HandlerInvoker[] Invokers)
{
    public static readonly MessageHandlers None = new([]);

    /// <summary>Full names of the handler types, separated by semicolons.</summary>
    public string TypeNames { get; } = string.Join(';', Invokers.Select(i => i.HandlerType.FullName));
}
