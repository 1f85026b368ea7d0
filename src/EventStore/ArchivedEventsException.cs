namespace EventStore;

/// <summary>
/// What was asked for needs events that are archived: reading the log from a position below the last of them, a stream
/// whose early versions are among them, a fold without a snapshot behind them, a condition on what lies behind such a
/// position. <c>cqrs event-store restore</c> brings them back.
/// </summary>
public sealed class ArchivedEventsException : Exception
{
    internal ArchivedEventsException(string what, long firstPosition, long lastPosition, string directory)
        : base(
            $"{what}: the events at positions {firstPosition} to {lastPosition} are archived. Bring them back with "
            + $"cqrs event-store restore --from '{directory}'.")
    {
        FirstPosition = firstPosition;
        LastPosition = lastPosition;
        Directory = directory;
    }

    /// <summary>Of the first archived event.</summary>
    public long FirstPosition { get; }

    /// <summary>Of the last archived event: the log can be read from here on (<c>after</c>).</summary>
    public long LastPosition { get; }

    /// <summary>Where the files were written, as named then.</summary>
    public string Directory { get; }
}
