namespace EventStore;

/// <summary>Where an event comes from.</summary>
/// <param name="CommandId">The command that caused it: the id of the message that carried it.</param>
/// <param name="CorrelationId">The flow it belongs to (the conversation id on the bus).</param>
/// <param name="CausationId">The message that led to the command, where another message did.</param>
/// <param name="User">Who asked; null where nobody signed on.</param>
/// <param name="Time">When it was decided, UTC.</param>
/// <param name="TraceParent">W3C trace context, where a trace was running.</param>
public sealed record EventMetadata(
    Guid CommandId,
    string Tenant,
    DateTimeOffset Time,
    string? CorrelationId = null,
    string? CausationId = null,
    string? User = null,
    string? TraceParent = null);
