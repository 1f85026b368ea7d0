namespace EventStore;

/// <summary>
/// The connection to the database was lost while an append was on its way, and asking again failed too: it is in the
/// log or it is not. Repeating the same request is safe and answers the question.
/// </summary>
public sealed class AppendOutcomeUnknownException : Exception
{
    internal AppendOutcomeUnknownException(Guid commandId, Exception inner)
        : base(
            $"Whether the append of command {commandId} is in the log is unknown ({inner.Message}). Repeat the same "
            + "request: it is appended once at most.",
            inner) => CommandId = commandId;

    public Guid CommandId { get; }
}
