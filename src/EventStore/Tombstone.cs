namespace EventStore;

/// <summary>
/// The last event of a stream that was closed, stored as <c>$tombstone</c>: readers of the log see it, folds never do.
/// Only <see cref="StreamTombstones"/> writes it.
/// </summary>
/// <param name="By">Who closed the stream.</param>
public sealed record Tombstone(string By, string? Reason)
{
    /// <summary>Its stored name, for filters by type. Names that begin with <c>$</c> are the store's own.</summary>
    public const string TypeName = "$tombstone";
}

/// <summary>What closing a stream came to.</summary>
/// <param name="Version">Of the tombstone, the stream's last event.</param>
/// <param name="At">When it was closed: now, or the first time.</param>
/// <param name="Already">It was closed before; at most keys were released now.</param>
/// <param name="KeptKeys">Unique keys that the stream goes on owning, sorted.</param>
/// <param name="ReleasedKeys">Unique keys that were given back now, sorted.</param>
public sealed record StreamClosed(
    string Stream,
    long Version,
    DateTimeOffset At,
    string By,
    string? Reason,
    bool Already,
    IReadOnlyList<string> KeptKeys,
    IReadOnlyList<string> ReleasedKeys);

/// <summary>What closing a stream would touch.</summary>
/// <param name="Version">The stream's version.</param>
/// <param name="Keys">Unique keys that it owns, sorted.</param>
/// <param name="Tombstone">Not null where it is closed already.</param>
public sealed record StreamClosingPreview(
    string Stream, long Version, IReadOnlyList<string> Keys, StreamTombstoned? Tombstone);
