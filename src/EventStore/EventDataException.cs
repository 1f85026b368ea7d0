namespace EventStore;

/// <summary>A stored event cannot be read as the type that its name is mapped to.</summary>
public sealed class EventDataException : Exception
{
    internal EventDataException(string reason, Exception? inner = null) : base(reason, inner) { }

    internal EventDataException(string stream, long version, long position, string type, EventDataException reason)
        : base(
            $"Event {version} of stream '{stream}' (position {position}, type '{type}') cannot be read: "
            + $"{reason.Message}.",
            reason.InnerException)
    {
        Stream = stream;
        Version = version;
        Position = position;
        Type = type;
    }

    /// <summary>Events are missing, and by now nothing is archived: they may have come back meanwhile.</summary>
    internal bool MayBeBack { get; init; }

    public string Stream { get; } = "";

    public long Version { get; }

    public long Position { get; }

    public string Type { get; } = "";
}
