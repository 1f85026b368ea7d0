namespace EventStore;

/// <summary>One atomic append.</summary>
/// <param name="Streams">The streams, each named once, with their events in order.</param>
/// <param name="Metadata">Stored with each of the events.</param>
/// <param name="Claims">Unique keys to claim, each for the owner named (a stream, as a rule).</param>
/// <param name="Releases">Unique keys to give back.</param>
/// <param name="Conditions">
/// What must not have happened meanwhile, in whatever stream: all must hold, or nothing is appended.
/// </param>
public sealed record AppendRequest(
    IReadOnlyList<StreamAppend> Streams,
    EventMetadata Metadata,
    IReadOnlyList<KeyClaim>? Claims = null,
    IReadOnlyList<string>? Releases = null,
    IReadOnlyList<AppendCondition>? Conditions = null);

/// <summary>Events for one stream.</summary>
/// <param name="Stream">1 to 200 characters.</param>
/// <param name="Events">
/// Objects of types that the store's <see cref="EventTypes"/> map, at least one; in a <see cref="Tagged"/> where they
/// have tags.
/// </param>
public sealed record StreamAppend(string Stream, ExpectedVersion Expected, IReadOnlyList<object> Events);

/// <summary>A key that at most one owner holds, such as <c>sku/demo/85123A</c>.</summary>
public sealed record KeyClaim(string Key, string Owner);
