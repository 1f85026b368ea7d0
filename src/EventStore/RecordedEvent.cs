namespace EventStore;

/// <summary>An event as it was read from the log.</summary>
/// <param name="Position">Global position, from 1, with holes.</param>
/// <param name="Version">Version in its stream, from 1, without holes.</param>
/// <param name="Type">The stored name of the type.</param>
/// <param name="SchemaVersion">
/// The version it was stored with; <paramref name="Data"/> is upcast to the current one.
/// </param>
/// <param name="Data">The event; an <see cref="UnknownEvent"/> where no type is mapped to the name.</param>
public sealed record RecordedEvent(
    long Position,
    Guid EventId,
    string Stream,
    long Version,
    string Type,
    int SchemaVersion,
    object Data,
    EventMetadata Metadata)
{
    /// <summary>What the event is tagged with, sorted.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// Counts from 0 through the events that one stored event is split into (<see cref="EventTypes.Split"/>), which
    /// share its position and version; else 0.
    /// </summary>
    public int Part { get; init; }
}

/// <summary>An event whose stored name nobody maps: its JSON as it is.</summary>
public sealed record UnknownEvent(string Type, ReadOnlyMemory<byte> Json);

/// <summary>
/// An event that cannot be read as its type, where a subscription meets it: one bad event must not stop a reader for
/// ever.
/// </summary>
public sealed record UnreadableEvent(string Type, EventDataException Error);

/// <summary>Consecutive events of the log, and how far the log was read to get them.</summary>
/// <param name="Events">In order of position; may be empty where a filter left nothing.</param>
/// <param name="Position">Everything up to here has been delivered or filtered: the checkpoint to store.</param>
/// <param name="Head">
/// The last safe position when the batch was read, or up to a second before; at <paramref name="Position"/> the reader
/// is live.
/// </param>
public sealed record EventBatch(IReadOnlyList<RecordedEvent> Events, long Position, long Head)
{
    /// <summary>Whether it ended before its length for its size in bytes.</summary>
    internal bool IsCut { get; init; }
}
