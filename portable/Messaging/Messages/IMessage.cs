namespace Portable.Messaging;

/// <summary>Marks a type as a message: a reply, a timeout or anything that is neither a command nor an event.</summary>
public interface IMessage;

/// <summary>Marks a type as a command: sent to the one endpoint that handles it.</summary>
public interface ICommand : IMessage;

/// <summary>Marks a type as an event: published to every endpoint that subscribed.</summary>
public interface IEvent : IMessage;
