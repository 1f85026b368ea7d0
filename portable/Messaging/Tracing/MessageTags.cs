namespace Portable.Messaging.Tracing;

/// <summary>What is known of a message when it is measured, as it becomes known.</summary>
internal sealed class MessageTags
{
    /// <summary>Full name of its type.</summary>
    public string? MessageType { get; set; }

    /// <summary>Full names of its handlers, separated by semicolons.</summary>
    public string? HandlerTypes { get; set; }
}
