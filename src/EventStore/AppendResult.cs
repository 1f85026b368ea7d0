namespace EventStore;

/// <summary>What became of an append.</summary>
public abstract record AppendResult
{
    private protected AppendResult() { }
}

/// <summary>The events are in the log (or will be, when the caller's transaction commits).</summary>
/// <param name="Positions">The global position of each event, in the order of the request.</param>
/// <param name="Versions">The version of each stream after the append, in the order of the request.</param>
public sealed record Appended(IReadOnlyList<long> Positions, IReadOnlyList<long> Versions) : AppendResult
{
    /// <summary>The position of the last event: a reader that has reached it has seen the whole append.</summary>
    public long Position => Positions[^1];
}

/// <summary>A stream was not at the expected version. Nothing was changed.</summary>
public sealed record VersionConflict(string Stream, ExpectedVersion Expected, long Actual) : AppendResult;

/// <summary>
/// A stream was closed for good by <see cref="StreamTombstones"/>. Nothing was changed, and repeating does not help.
/// </summary>
/// <param name="Version">Of the tombstone, the stream's last event.</param>
/// <param name="By">Who closed it.</param>
public sealed record StreamTombstoned(string Stream, long Version, DateTimeOffset At, string By, string? Reason)
    : AppendResult;

/// <summary>A unique key belongs to another owner. Nothing was changed.</summary>
public sealed record KeyTaken(string Key, string Owner) : AppendResult;

/// <summary>An event lies where a condition wants none. Nothing was changed.</summary>
/// <param name="Position">The first event behind the condition's position that matches.</param>
public sealed record ConditionFailed(AppendCondition Condition, long Position) : AppendResult;
