using System.Collections.Concurrent;

namespace Portable.Messaging;

/// <summary>The rules by which this endpoint tells commands, events and other messages apart. Answers are
/// cached.</summary>
public class Conventions
{
    private readonly ConcurrentDictionary<Type, Kind> kinds = [];
    private readonly List<IMessageConvention> added = [];

    [Flags]
    private enum Kind
    {
        None = 0,
        Command = 1,
        Event = 2,
        Message = 4,
    }

    internal Func<Type, bool>? Commands { get; set; }

    internal Func<Type, bool>? Events { get; set; }

    internal Func<Type, bool>? Messages { get; set; }

    /// <summary>True when the type is a command.</summary>
    public bool IsCommandType(Type t) => (KindOf(t) & Kind.Command) != 0;

    /// <summary>True when the type is an event.</summary>
    public bool IsEventType(Type t) => (KindOf(t) & Kind.Event) != 0;

    /// <summary>True when the type is a message of any kind.</summary>
    public bool IsMessageType(Type t) => KindOf(t) != Kind.None;

    internal void Add(IMessageConvention convention) => added.Add(convention);

    private Kind KindOf(Type type) => kinds.GetOrAdd(type, Classify);

    // The marker interfaces themselves are not messages; their implementations are.
    private Kind Classify(Type type)
    {
        if (type == typeof(IMessage) || type == typeof(ICommand) || type == typeof(IEvent))
        {
            return Kind.None;
        }

        var command = Commands?.Invoke(type) ?? typeof(ICommand).IsAssignableFrom(type);
        var @event = Events?.Invoke(type) ?? typeof(IEvent).IsAssignableFrom(type);
        var message = Messages?.Invoke(type) ?? typeof(IMessage).IsAssignableFrom(type);
        return (command || added.Exists(c => c.IsCommandType(type)) ? Kind.Command : Kind.None)
            | (@event || added.Exists(c => c.IsEventType(type)) ? Kind.Event : Kind.None)
            | (message || added.Exists(c => c.IsMessageType(type)) ? Kind.Message : Kind.None);
    }
}
