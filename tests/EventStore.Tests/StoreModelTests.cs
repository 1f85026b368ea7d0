using FsCheck;
using FsCheck.Fluent;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>Random appends do to the store what they do to a model of it in memory.</summary>
public sealed class StoreModelTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private sealed record Step(
        IReadOnlyList<StreamStep> Streams, string? Claim, string? Release, bool Joined, bool Repeat);

    private sealed record StreamStep(int Stream, ExpectedVersion Expected, int Events);

    private static Gen<StreamStep> StreamSteps =>
        from stream in Gen.Choose(0, 3)
        from expected in Gen.Frequency(
            (3, Gen.Constant(ExpectedVersion.Any)),
            (1, Gen.Constant(ExpectedVersion.NoStream)),
            (1, Gen.Constant(ExpectedVersion.StreamExists)),
            (2, Gen.Choose(0, 6).Select(version => ExpectedVersion.Exactly(version))))
        from events in Gen.Choose(1, 3)
        select new StreamStep(stream, expected, events);

    private static Gen<Step> Steps =>
        from streams in StreamSteps.NonEmptyListOf()
        from claim in Gen.Elements<string?>(null, null, "a", "b", "c")
        from release in Gen.Elements<string?>(null, null, null, "a", "b", "c")
        from joined in Gen.Elements(true, false)
        from repeat in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Step(
            [.. streams.DistinctBy(stream => stream.Stream)], claim, release == claim ? null : release, joined, repeat);

    [Fact]
    public async Task Random_appends_agree_with_the_model()
    {
        foreach (var steps in Steps.ListOf().Sample(60, 15))
            await Check([.. steps]);
    }

    private async Task Check(IReadOnlyList<Step> steps)
    {
        var run = NewStream("run");
        var model = new StoreModel();
        var answered = new List<(AppendRequest Request, AppendResult Result)>();
        var start = await database.Store.ReadHead(Cancel);

        foreach (var step in steps)
        {
            if (step.Repeat && answered.LastOrDefault(a => a.Result is Appended) is { Request: { } repeated } again)
            {
                Same(again.Result, await Append(repeated, step.Joined));
                continue;
            }
            var request = new AppendRequest(
                [
                    .. step.Streams.Select(stream => new StreamAppend(
                        $"{run}/{stream.Stream}",
                        stream.Expected,
                        [.. Enumerable.Range(1, stream.Events).Select(Added)]))
                ],
                Metadata(),
                step.Claim is null ? null : [new KeyClaim($"{run}/{step.Claim}", $"{run}/{step.Streams[0].Stream}")],
                step.Release is null ? null : [$"{run}/{step.Release}"]);
            var expected = model.Append(request);
            var actual = await Append(request, step.Joined);
            Same(expected, actual);
            answered.Add((request, actual));
        }

        var log = await database.Store.ReadLog(start, cancellationToken: Cancel).All();
        Assert.Equal(model.Log, log.Select(e => (e.Stream, e.Version, e.Data)));
        Assert.Equal(
            answered.Select(a => a.Result).OfType<Appended>().SelectMany(a => a.Positions),
            log.Select(e => e.Position));
    }

    /// <summary>Positions have holes, so the model cannot know them; all else it does.</summary>
    private static void Same(AppendResult expected, AppendResult actual)
    {
        if (expected is not Appended appended)
        {
            Assert.Equal(expected, actual);
            return;
        }
        Assert.Equal(appended.Versions, Assert.IsType<Appended>(actual).Versions);
        Assert.Equal(appended.Positions.Count, ((Appended)actual).Positions.Count);
    }

    private async Task<AppendResult> Append(AppendRequest request, bool joined)
    {
        if (!joined)
            return await database.Store.Append(request, Cancel);
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var result = await database.Store.Append(request, transaction, Cancel);
        await transaction.CommitAsync(Cancel);
        return result;
    }
}

/// <summary>What an event store means, without a database.</summary>
internal sealed class StoreModel
{
    private readonly Dictionary<string, string> keys = [];

    public List<(string Stream, long Version, object Data)> Log { get; } = [];

    public AppendResult Append(AppendRequest request)
    {
        foreach (var stream in request.Streams.OrderBy(stream => stream.Stream, StringComparer.Ordinal))
        {
            var version = Version(stream.Stream);
            if (!Fits(stream.Expected, version))
                return new VersionConflict(stream.Stream, stream.Expected, version);
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
        foreach (var stream in request.Streams)
        {
            foreach (var @event in stream.Events)
                Log.Add((stream.Stream, Version(stream.Stream) + 1, @event));
        }
        return new Appended(
            new long[request.Streams.Sum(stream => stream.Events.Count)],
            [.. request.Streams.Select(stream => Version(stream.Stream))]);
    }

    private static bool Fits(ExpectedVersion expected, long version) =>
        expected == ExpectedVersion.Any
        || (expected == ExpectedVersion.StreamExists ? version > 0 : expected == ExpectedVersion.Exactly(version));

    private long Version(string stream) => Log.Count(entry => entry.Stream == stream);
}
