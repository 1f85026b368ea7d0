namespace EventStore;

/// <summary>How the events of a stream become a state.</summary>
/// <param name="Name">Names the snapshots of this state; unique per state type.</param>
/// <param name="SchemaVersion">
/// Raise it when the state's shape or meaning changes: older snapshots are then ignored.
/// </param>
/// <param name="SnapshotEvery">Events between snapshots; null takes none.</param>
public sealed record Fold<TState>(
    string Name,
    TState Initial,
    Func<TState, object, TState> Evolve,
    int SchemaVersion = 1,
    int? SnapshotEvery = 100)
{
    /// <summary>Events between snapshots, one at least; null takes none.</summary>
    public int? SnapshotEvery { get; init; } = SnapshotEvery is null or > 0
        ? SnapshotEvery
        : throw new ArgumentOutOfRangeException(nameof(SnapshotEvery), SnapshotEvery, "One event at least; null for none.");

    /// <summary>
    /// Whether the state keeps members that are personal data (<see cref="EventTypes.Personal"/>). A snapshot would
    /// keep them legibly, so streams with personal data get none; a fold that keeps none of them says false and gets
    /// its snapshots.
    /// </summary>
    public bool KeepsPersonalData { get; init; } = true;
}

/// <summary>A folded stream.</summary>
/// <param name="Version">Version of the last event folded; 0 where there is none.</param>
public sealed record Loaded<TState>(TState State, long Version)
{
    /// <summary>What to expect when appending the outcome of a decision on this state.</summary>
    public ExpectedVersion Expected => ExpectedVersion.Exactly(Version);
}

/// <summary>The state that the events of the whole log make which match a filter.</summary>
/// <param name="Position">How far the log was read.</param>
public sealed record LoadedLog<TState>(TState State, LogFilter Filter, long Position)
{
    /// <summary>That no further event matches: append the outcome of a decision on this state under it.</summary>
    public AppendCondition Unchanged => new(Filter, Position);
}
