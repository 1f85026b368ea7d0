namespace EventStore;

/// <summary>
/// Which partitions are to be archived: the oldest ones up to the first that does not qualify. Several criteria must
/// all hold.
/// </summary>
/// <param name="Before">Only partitions that lie wholly below this position.</param>
/// <param name="OlderThan">Only partitions whose newest event is older.</param>
public sealed record ArchiveSelection(long? Before = null, TimeSpan? OlderThan = null);

/// <summary>A partition that can be archived.</summary>
/// <param name="From">Its first position, which names it.</param>
/// <param name="To">The first position behind it.</param>
/// <param name="FirstEvent">Position of its first event; 0 where it has none.</param>
/// <param name="LastEvent">Position of its last event; 0 where it has none.</param>
/// <param name="Newest">When its newest event was decided.</param>
/// <param name="Interrupted">An earlier archiving ended before its tables went: this one goes on.</param>
public sealed record ArchivablePartition(
    long From, long To, long Events, long FirstEvent, long LastEvent, DateTimeOffset? Newest, bool Interrupted);

/// <summary>What archiving would do.</summary>
/// <param name="StreamsAtRisk">
/// Open streams with events in the partitions and no snapshot behind them: no fold would work on them.
/// </param>
public sealed record ArchivePlan(IReadOnlyList<ArchivablePartition> Partitions, long StreamsAtRisk);

/// <summary>A partition whose events are in files.</summary>
/// <param name="From">Its first position, which names it.</param>
/// <param name="To">The first position behind it.</param>
/// <param name="Directory">Where the files were written, as named then.</param>
public sealed record ArchivedPartition(
    long From,
    long To,
    long Events,
    long FirstEvent,
    long LastEvent,
    string Directory,
    DateTimeOffset ArchivedAt,
    string ArchivedBy);

/// <param name="By">Who asks for it; kept.</param>
/// <param name="KeepSnapshots">
/// Given streams without a snapshot behind what is archived, some at a time: keeps one for each where it can
/// (<see cref="PostgresEventStore.KeepSnapshots"/>).
/// </param>
/// <param name="Force">Archive although folds of some streams will fail until the events are restored.</param>
public sealed record ArchiveOptions(
    string By,
    Func<IReadOnlyList<string>, CancellationToken, Task>? KeepSnapshots = null,
    bool Force = false);

/// <summary>How far an archiving or a restoring has come.</summary>
/// <param name="Partition">First position of the partition it is at.</param>
/// <param name="Step">In words.</param>
public readonly record struct ArchiveProgress(long Partition, string Step);

/// <summary>Folds of streams would fail once their events are archived. Nothing was changed.</summary>
public sealed class StreamsAtRiskException : Exception
{
    internal StreamsAtRiskException(long streams, string example)
        : base(
            $"{streams} open streams, such as '{example}', have events there and no snapshot behind them: archived, they "
            + "can be folded (and decided on) no more until the events are restored. Nothing was archived.")
    {
        Streams = streams;
        Example = example;
    }

    public long Streams { get; }

    public string Example { get; }
}
