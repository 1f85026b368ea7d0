using System.Text.Json.Nodes;
using EventStore.Evolution;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests.Evolution;

/// <summary>One stored event is read as several, several as one, whichever way a reader comes.</summary>
public sealed class ReshapingTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    public sealed record NameGiven(string Name);

    public sealed record TownGiven(string Town);

    public sealed record Welcomed(string Name, string Town);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What each reader makes of the events: their texts, one behind the other.</summary>
    private static Fold<string> Texts { get; } = new("texts", "", (texts, e) => $"{texts}{Show(e)};");

    [Fact]
    public async Task A_split_event_is_several_with_the_same_position_told_apart_by_part()
    {
        var stream = NewStream("split");
        await using var older = Store(new EventTypes().Map<Welcomed>("welcomed"));
        await Append(older, stream, new Welcomed("Ann", "Leeds"), new Welcomed("Bob", "York"));
        await using var newer = Store(Split("welcomed"));

        var read = await newer.ReadStream(stream, cancellationToken: Cancel).All();

        Assert.Equal(["name Ann", "town Leeds", "name Bob", "town York"], read.Select(e => Show(e.Data)));
        Assert.Equal([(1L, 0), (1, 1), (2, 0), (2, 1)], read.Select(e => (e.Version, e.Part)));
        Assert.Equal(["name-given", "town-given"], read.Take(2).Select(e => e.Type));
        Assert.Equal(read[0].Position, read[1].Position);
        Assert.Equal("name Ann;town Leeds;name Bob;town York;", await Fold(newer, stream));
    }

    [Fact]
    public async Task Parts_of_a_split_event_never_come_in_different_batches()
    {
        var stream = NewStream("split");
        await using var older = Store(new EventTypes().Map<Welcomed>("welcomed-in-batches"));
        var first = await Append(older, stream, [.. Enumerable.Range(0, 5).Select(n => new Welcomed($"{n}", "x"))]);
        await using var newer = Store(Split("welcomed-in-batches"));

        var checkpoints = new List<long>();
        var names = new List<string>();
        var filter = new LogFilter(["town-given", "name-given"]);
        await foreach (var batch in newer.Subscribe(first.Positions[0] - 1, new(filter, BatchSize: 2), Cancel))
        {
            Assert.True(batch.Events.Count % 2 == 0);
            names.AddRange(batch.Events.Where(e => e.Stream == stream).Select(e => Show(e.Data)));
            checkpoints.Add(batch.Position);
            if (batch.Position >= first.Position)
                break;
        }

        Assert.Equal(10, names.Count);
        Assert.True(checkpoints.Count > 1);
    }

    [Fact]
    public async Task A_split_into_nothing_drops_the_event_and_keeps_the_versions_of_the_others()
    {
        var stream = NewStream("split");
        await using var older = Store(Types().Map<Welcomed>("noise"));
        await Append(older, stream, new Welcomed("a", "b"), Added(7));
        await using var newer = Store(Types().Split("noise", 1, _ => []));
        var only = Assert.Single(await newer.ReadStream(stream, cancellationToken: Cancel).All());
        Assert.Equal((2L, Added(7)), (only.Version, only.Data));
    }

    [Fact]
    public async Task Merged_events_are_one_at_the_place_of_the_last_from_every_checkpoint()
    {
        var stream = NewStream("merge");
        await using var older = Store(Retired("m"));
        var at = await Append(
            older, stream, new NameGiven("Ann"), new TownGiven("Leeds"), new NameGiven("Bob"), new TownGiven("York"));
        await using var newer = Store(Merging("m"), pageSize: 1);

        var whole = await newer.ReadStream(stream, cancellationToken: Cancel).All();
        Assert.Equal(["Ann of Leeds", "Bob of York"], whole.Select(e => Show(e.Data)));
        Assert.Equal([2L, 4], whole.Select(e => e.Version));
        Assert.All(whole, e => Assert.Equal("welcomed-m", e.Type));
        Assert.Equal(
            ["Bob of York", "Ann of Leeds"],
            (await newer.ReadStream(stream, direction: ReadDirection.Backward, cancellationToken: Cancel).All())
                .Select(e => Show(e.Data)));

        foreach (var checkpoint in at.Positions)
        {
            var behind = (await newer.ReadLog(checkpoint, new LogFilter(["welcomed-m"]), cancellationToken: Cancel).All())
                .Where(e => e.Stream == stream);
            Assert.Equal(
                whole.Where(e => e.Position > checkpoint).Select(e => Show(e.Data)), behind.Select(e => Show(e.Data)));
        }
        Assert.Equal("Ann of Leeds;Bob of York;", await Fold(newer, stream));
    }

    [Fact]
    public async Task Retired_events_that_do_not_stand_together_stay_readable_raw()
    {
        var stream = NewStream("merge");
        await using var older = Store(Retired("alone"));
        await Append(older, stream, new TownGiven("Hull"), new NameGiven("Ann"), new NameGiven("Bob"), new TownGiven("York"));
        await using var newer = Store(Merging("alone"));

        var read = await newer.ReadStream(stream, cancellationToken: Cancel).All();

        Assert.Equal(
            ["raw town-alone", "raw name-alone", "Bob of York"], read.Select(e => Show(e.Data)));
        Assert.Equal("raw town-alone;raw name-alone;Bob of York;", await Fold(newer, stream));
    }

    [Fact]
    public async Task A_step_that_fails_is_an_error_that_names_event_and_step()
    {
        var stream = NewStream("split");
        await using var older = Store(new EventTypes().Map<Welcomed>("bad"));
        await Append(older, stream, new Welcomed("a", "b"));
        await using var newer = Store(new EventTypes().Map<Welcomed>("bad", 2)
            .Upcast("bad", 1, _ => throw new InvalidOperationException("no such town")));
        var error = await Assert.ThrowsAsync<EventDataException>(
            async () => await newer.ReadStream(stream, cancellationToken: Cancel).All());
        Assert.Contains(stream, error.Message, StringComparison.Ordinal);
        Assert.Contains("upcaster of 'bad' from version 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_one_step_per_version_and_a_merged_name_is_retired()
    {
        Assert.Throws<ArgumentException>(() => new EventTypes().Upcast("x", 1, data => data).Split("x", 1, _ => []));
        Assert.Throws<ArgumentException>(() => new EventTypes().Split("x", 1, _ => []).Upcast("x", 1, data => data));
        Assert.Throws<ArgumentException>(() => Merging("x").Map<NameGiven>("name-x"));
        Assert.Throws<ArgumentException>(() => Types().Merge(["item-added", "y"], "item-removed", parts => parts[0]));
        Assert.Throws<ArgumentException>(() => Types().Merge(["y"], "item-removed", parts => parts[0]));
    }

    private static EventTypes Retired(string suffix) =>
        new EventTypes().Map<NameGiven>($"name-{suffix}").Map<TownGiven>($"town-{suffix}");

    private static EventTypes Merging(string suffix) => new EventTypes()
        .Map<Welcomed>($"welcomed-{suffix}")
        .Merge([$"name-{suffix}", $"town-{suffix}"], $"welcomed-{suffix}", parts => new JsonObject
        {
            ["name"] = parts[0]["name"]!.DeepClone(),
            ["town"] = parts[1]["town"]!.DeepClone(),
        });

    private static EventTypes Split(string name) => new EventTypes()
        .Map<NameGiven>("name-given")
        .Map<TownGiven>("town-given")
        .Split(name, 1, data =>
        [
            new EventPart("name-given", new JsonObject { ["name"] = data["name"]!.DeepClone() }),
            new EventPart("town-given", new JsonObject { ["town"] = data["town"]!.DeepClone() }),
        ]);

    private static string Show(object data) => data switch
    {
        NameGiven e => $"name {e.Name}",
        TownGiven e => $"town {e.Town}",
        Welcomed e => $"{e.Name} of {e.Town}",
        UnknownEvent e => $"raw {e.Type}",
        _ => data.ToString()!,
    };

    private PostgresEventStore Store(EventTypes types, int pageSize = 1000) =>
        new(database.DataSource, types, new EventStoreOptions { PageSize = pageSize });

    private static async Task<Appended> Append(PostgresEventStore store, string stream, params object[] events) =>
        Assert.IsType<Appended>(await store.Append(
            new AppendRequest([new StreamAppend(stream, ExpectedVersion.Any, events)], Metadata()), Cancel));

    private static async Task<string> Fold(PostgresEventStore store, string stream) =>
        (await store.Load([stream], Texts, cancellationToken: Cancel))[stream].State;
}
