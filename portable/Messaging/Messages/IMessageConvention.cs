namespace Portable.Messaging;

/// <summary>Decides which types are commands, events and other messages.</summary>
public interface IMessageConvention
{
    string Name { get; }

    bool IsCommandType(Type type);

    bool IsEventType(Type type);

    bool IsMessageType(Type type);
}
