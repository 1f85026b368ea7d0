namespace EventStore.Tests;

/// <summary>An event as the model knows it.</summary>
internal sealed record ModelEvent(
    long Position, string Stream, long Version, string Type, object Data, string Tags, string Tenant, DateTimeOffset Time)
{
    public static ModelEvent Of(RecordedEvent read) => new(
        read.Position,
        read.Stream,
        read.Version,
        read.Type,
        read.Data,
        string.Join(' ', read.Tags),
        read.Metadata.Tenant,
        read.Metadata.Time);
}

/// <summary>What an event store means, in memory and in one thread. Positions are the store's: it tells them.</summary>
/// <param name="start">The position that the log had before.</param>
internal sealed class StoreModel(long start)
{
    private Dictionary<string, string> keys = new(StringComparer.Ordinal);
    private List<ModelEvent> log = [];

    public IReadOnlyList<ModelEvent> Log => log;

    /// <summary>The position of the last event.</summary>
    public long Head => PositionBack(1);

    /// <summary>The position of the event so many from the end.</summary>
    public long PositionBack(int count) => count <= log.Count ? log[^count].Position : start;

    public IEnumerable<ModelEvent> Stream(string name) => log.Where(e => e.Stream == name);

    public IEnumerable<ModelEvent> Matching(LogFilter filter, long after = 0) => log.Where(e =>
        e.Position > after
        && (filter.Types is null || filter.Types.Contains(e.Type))
        && (filter.Tenant is null || filter.Tenant == e.Tenant)
        && (filter.Since is null || e.Time >= filter.Since)
        && (filter.Tags ?? []).All(e.Tags.Split(' ').Contains));

    /// <summary>Judges the request, and appends it where nothing is against it.</summary>
    /// <param name="positions">
    /// Those that the store has answered; looked at only when the model appends as well.
    /// </param>
    public AppendResult Append(AppendRequest request, IReadOnlyList<long> positions)
    {
        foreach (var stream in request.Streams.OrderBy(stream => stream.Stream, StringComparer.Ordinal))
        {
            var version = Stream(stream.Stream).Count();
            if (!Fits(stream.Expected, version))
                return new VersionConflict(stream.Stream, stream.Expected, version);
        }
        foreach (var condition in request.Conditions ?? [])
        {
            if (Matching(condition.None, condition.After).FirstOrDefault() is { } offense)
                return new ConditionFailed(condition, offense.Position);
        }
        foreach (var claim in request.Claims ?? [])
        {
            if (keys.GetValueOrDefault(claim.Key, claim.Owner) is var owner && owner != claim.Owner)
                return new KeyTaken(claim.Key, owner);
        }
        foreach (var claim in request.Claims ?? [])
            keys[claim.Key] = claim.Owner;
        foreach (var key in request.Releases ?? [])
            keys.Remove(key);

        var n = 0;
        foreach (var stream in request.Streams)
        {
            foreach (var @event in stream.Events)
            {
                var (data, tags) = @event is Tagged tagged ? (tagged.Event, tagged.Tags) : (@event, []);
                log.Add(new ModelEvent(
                    n < positions.Count ? positions[n++] : 0,
                    stream.Stream,
                    Stream(stream.Stream).Count() + 1,
                    data is ItemAdded ? "item-added" : "item-removed",
                    data,
                    string.Join(' ', tags.Order(StringComparer.Ordinal)),
                    request.Metadata.Tenant,
                    request.Metadata.Time));
            }
        }
        return new Appended(positions, [.. request.Streams.Select(stream => (long)Stream(stream.Stream).Count())]);
    }

    /// <summary>What brings back the state of now.</summary>
    public Action Save()
    {
        var (keysNow, logNow) = (new Dictionary<string, string>(keys, StringComparer.Ordinal), log.ToList());
        return () => (keys, log) = (keysNow, logNow);
    }

    private static bool Fits(ExpectedVersion expected, long version) =>
        expected == ExpectedVersion.Any
        || (expected == ExpectedVersion.StreamExists ? version > 0 : expected == ExpectedVersion.Exactly(version));
}
