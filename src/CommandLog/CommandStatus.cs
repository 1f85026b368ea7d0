namespace CommandLog;

/// <summary>How far a command has come.</summary>
public enum CommandState
{
    /// <summary>Sent; nothing is known of it yet.</summary>
    Accepted,

    /// <summary>Done, and its events are in the log.</summary>
    Completed,

    /// <summary>A rule of the domain forbade it; nothing changed.</summary>
    Rejected,

    /// <summary>It could not be handled; an operator may retry it.</summary>
    Failed,
}

/// <summary>A command as the log knows it.</summary>
/// <param name="Type">What was asked, such as <c>PlaceOrder</c>.</param>
/// <param name="Token">The log position a completed command wrote; null where it had nothing to write.</param>
/// <param name="Rule">The rule that a rejected command broke, such as <c>sku-taken</c>.</param>
/// <param name="Message">Why it was rejected or failed.</param>
public sealed record CommandStatus(
    Guid CommandId,
    string Tenant,
    string Type,
    CommandState State,
    long? Token,
    string? Rule,
    string? Message,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? CompletedAt)
{
    /// <summary>True once there is an outcome.</summary>
    public bool IsDone => State != CommandState.Accepted;
}
