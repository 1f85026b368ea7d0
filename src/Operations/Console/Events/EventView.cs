namespace Operations.Console.Events;

/// <summary>An event without its data.</summary>
internal record EventView(
    long Position, string Stream, long Version, string Type, int SchemaVersion, string Tenant, DateTime DecidedAt,
    Guid EventId, Guid CommandId, string? CorrelationId, string? CausationId, string? User, string? TraceId,
    string[] Tags);

/// <summary>Events, newest first.</summary>
/// <param name="Next">Where to look further, as <c>before</c>; null: there is nothing below.</param>
/// <param name="SearchedTo">
/// The lowest position looked at: where a filter leaves little, one answer does not search the whole log.
/// </param>
internal sealed record EventList(IReadOnlyList<EventView> Events, long? Next, long? SearchedTo);

/// <summary>One event with its data.</summary>
/// <param name="Data">
/// As the log holds it, indented: personal data is sealed in it. A text, because a browser would round large numbers.
/// </param>
internal sealed record EventDetail(EventView Event, string Data);
