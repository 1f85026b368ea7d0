using EventStore;

namespace Chaos.EventStore;

internal sealed record Tick(int Writer, int Number);

internal sealed record Tock(int Writer, int Number);

/// <summary>What the writers of a run have committed, as they were told: the truth that readers are held to.</summary>
internal sealed class WrittenLog
{
    public const string Lane = "lane:3";
    public const string TockName = "chaos-tock";

    /// <summary>Positions that a run may draw, those that are never committed included.</summary>
    public const int Capacity = 8_000_000;

    private const int Streams = 1024;
    private const int SharedStreams = 32;

    private readonly long[] versions = new long[Streams];
    private long committed;

    public static EventTypes Types { get; } = new EventTypes().Map<Tick>("chaos-tick").Map<Tock>(TockName);

    public PositionSet All { get; } = new(Capacity);

    public PositionSet Tocks { get; } = new(Capacity);

    public PositionSet InLane { get; } = new(Capacity);

    public long Committed => Interlocked.Read(ref committed);

    /// <summary>
    /// An append of up to 60 events, mostly to streams of the writer's own; to shared ones with the version expected
    /// that was the last somebody has made known, which is often wrong.
    /// </summary>
    public AppendRequest NewRequest(int writer, Random random)
    {
        var own = (Streams - SharedStreams) / 32;
        var stream = random.Next(10) == 0
            ? Streams - SharedStreams + random.Next(SharedStreams)
            : (own * writer) + random.Next(own);
        var expected = stream >= Streams - SharedStreams && random.Next(2) == 0
            ? ExpectedVersion.Exactly(Interlocked.Read(ref versions[stream]))
            : ExpectedVersion.Any;
        var tag = random.Next(4) == 0 ? $"lane:{random.Next(8)}" : null;
        var events = Enumerable.Range(0, random.Next(1, 60)).Select(number =>
        {
            object data = random.Next(8) == 0 ? new Tock(writer, number) : new Tick(writer, number);
            return tag is null ? data : new Tagged(data, [tag]);
        });
        return new AppendRequest(
            [new StreamAppend($"chaos/{stream}", expected, [.. events])],
            new EventMetadata(Guid.CreateVersion7(), "chaos", DateTimeOffset.UtcNow));
    }

    /// <summary>An append whose commit was acknowledged.</summary>
    public void Commit(AppendRequest request, Appended result)
    {
        var events = request.Streams[0].Events;
        for (var i = 0; i < events.Count; i++)
        {
            var position = result.Positions[i];
            if (!All.Add(position))
                throw new InvalidOperationException($"Position {position} was given to two events.");
            var (data, tags) = events[i] is Tagged tagged ? (tagged.Event, tagged.Tags) : (events[i], []);
            if (data is Tock)
                Tocks.Add(position);
            if (tags.Contains(Lane))
                InLane.Add(position);
        }
        Interlocked.Exchange(ref versions[int.Parse(request.Streams[0].Stream.AsSpan("chaos/".Length))], result.Versions[0]);
        Interlocked.Add(ref committed, events.Count);
    }
}
