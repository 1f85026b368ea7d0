namespace QueryApi.Consistency;

/// <summary>What a query found, and how fresh it is.</summary>
/// <param name="Value">Null: there is no such thing.</param>
/// <param name="Mark">Read in one snapshot with the value, so that it never claims more than the value shows.</param>
/// <param name="Stale">Why the value may be older than usual, where the store that should answer is away.</param>
internal sealed record Reading<T>(T? Value, ReadMark Mark, string? Stale = null);

/// <summary>Readings of other kinds than a model's.</summary>
internal static class Reading
{
    /// <summary>Of the streams themselves: as fresh as can be.</summary>
    public static Reading<T> Strong<T>(T? value, long position) => new(value, new ReadMark(position, TimeSpan.Zero));
}

/// <summary>How far the model had come that a query read.</summary>
/// <param name="Position">Every event up to this log position is shown.</param>
/// <param name="Staleness">Time since the model last held all of the log; null before it ever did.</param>
internal readonly record struct ReadMark(long Position, TimeSpan? Staleness);
