namespace EventStore;

/// <summary>Something in the log that should not be.</summary>
/// <param name="Kind">
/// <c>versions-with-holes</c>, <c>first-version-missing</c>, <c>positions-fall</c>, <c>stream-row-missing</c>,
/// <c>stream-version-differs</c>, <c>tombstone-not-last</c>, <c>key-without-owner</c>, <c>snapshot-ahead</c>,
/// <c>position-order</c> or <c>unreadable</c>.
/// </param>
/// <param name="Subject">The stream or key it is about.</param>
/// <param name="Detail">What was found, in words.</param>
public sealed record LogFinding(string Kind, string Subject, string Detail);

/// <summary>What verifying the log came to.</summary>
/// <param name="Events">Events read and decoded.</param>
/// <param name="Head">The position up to which it was read.</param>
/// <param name="Findings">The first of each kind, see <see cref="LogInspection.MaxFindings"/>.</param>
/// <param name="Unreadable">Events that cannot be read as their type.</param>
/// <param name="UnknownTypes">Events whose name nobody maps, by name: readable as raw JSON, so no finding.</param>
/// <param name="Upcast">Events stored in an older shape than the current one.</param>
public sealed record LogVerification(
    long Events,
    long Head,
    IReadOnlyList<LogFinding> Findings,
    long Unreadable,
    IReadOnlyDictionary<string, long> UnknownTypes,
    long Upcast)
{
    /// <summary>What was left out, for it is archived.</summary>
    public IReadOnlyList<ArchivedPartition> Archives { get; init; } = [];

    public bool IsSound => Findings.Count == 0;
}

/// <summary>How far a verification has come.</summary>
public readonly record struct VerificationProgress(long Events, long Position, long Head);

/// <summary>What the log holds, in figures.</summary>
public sealed record LogStatistics(
    long Events,
    long Streams,
    long Keys,
    long Snapshots,
    long FirstPosition,
    long LastPosition,
    long DatabaseBytes,
    IReadOnlyList<TypeStatistics> Types,
    IReadOnlyList<KindStatistics> Kinds,
    IReadOnlyList<StreamStatistics> LongestStreams,
    IReadOnlyList<TableStatistics> Tables)
{
    /// <summary>What is archived; the figures leave it out, those of streams do not.</summary>
    public IReadOnlyList<ArchivedPartition> Archives { get; init; } = [];
}

/// <param name="Bytes">Of the data as stored, compressed where it is.</param>
/// <param name="LargestBytes">Of the largest event.</param>
public sealed record TypeStatistics(
    string Type,
    int SchemaVersion,
    long Events,
    long Bytes,
    long LargestBytes,
    DateTimeOffset Oldest,
    DateTimeOffset Newest);

/// <param name="Kind">What stands before the first slash of the streams' names.</param>
public sealed record KindStatistics(string Kind, long Streams, long Events, long Longest);

public sealed record StreamStatistics(string Stream, long Events);

/// <param name="Partition">Its bounds, where it is a partition of the log.</param>
/// <param name="Rows">As PostgreSQL estimates them; -1 before its first look.</param>
public sealed record TableStatistics(string Table, string? Partition, long Rows, long Bytes, long IndexBytes);
