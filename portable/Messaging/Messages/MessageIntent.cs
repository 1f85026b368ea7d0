namespace Portable.Messaging;

/// <summary>What the sender meant to do with a message; value of <see cref="Headers.MessageIntent"/>.</summary>
public enum MessageIntent
{
    Send = 1,
    Publish = 2,
    Subscribe = 3,
    Unsubscribe = 4,
    Reply = 5,
}
