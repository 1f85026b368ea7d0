namespace Portable.Messaging;

/// <summary>Replaces the marker interfaces <see cref="ICommand"/>, <see cref="IEvent"/> and <see cref="IMessage"/>
/// by rules of one's own.</summary>
public class ConventionsBuilder
{
    internal ConventionsBuilder(Conventions conventions) => Conventions = conventions;

    public Conventions Conventions { get; }

    public ConventionsBuilder DefiningCommandsAs(Func<Type, bool> definesCommandType)
    {
        ArgumentNullException.ThrowIfNull(definesCommandType);
        Conventions.Commands = definesCommandType;
        return this;
    }

    public ConventionsBuilder DefiningEventsAs(Func<Type, bool> definesEventType)
    {
        ArgumentNullException.ThrowIfNull(definesEventType);
        Conventions.Events = definesEventType;
        return this;
    }

    public ConventionsBuilder DefiningMessagesAs(Func<Type, bool> definesMessageType)
    {
        ArgumentNullException.ThrowIfNull(definesMessageType);
        Conventions.Messages = definesMessageType;
        return this;
    }

    public ConventionsBuilder Add(IMessageConvention messageConvention)
    {
        ArgumentNullException.ThrowIfNull(messageConvention);
        Conventions.Add(messageConvention);
        return this;
    }
}
