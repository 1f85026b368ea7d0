using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>What cannot be stored is refused before anything is sent: by field, value and way out.</summary>
public sealed class InputTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const string HalfPair = "a\ud800b";
    private const int Megabyte = 1024 * 1024;

    private static readonly AppendRequest Good = To("s");

    private static readonly Dictionary<string, (AppendRequest Request, string Message)> Faults = new()
    {
        ["no stream"] = (Good with { Streams = [] }, "An append needs a stream"),
        ["no event"] = (Good with { Streams = [new StreamAppend("s", ExpectedVersion.Any, [])] }, "no event for the stream 's'"),
        ["same stream twice"] = (Good with { Streams = [Good.Streams[0], Good.Streams[0]] }, "'s' is named twice"),
        ["empty stream name"] = (To(""), "stream name is empty"),
        ["long stream name"] = (To(new string('x', 201)), "has 201 characters: at most 200"),
        ["huge stream name"] = (To(new string('x', Megabyte)), "has 1048576 characters: at most 200"),
        ["NUL in stream name"] = (To("a\0b"), "stream name has a NUL character at index 1"),
        ["half a pair in stream name"] = (To(HalfPair), "stream name has half a surrogate pair at index 1"),
        ["half a pair at the end"] = (To("ab\udc00"), "stream name has half a surrogate pair at index 2"),
        ["NUL in event"] = (With(new ItemAdded("a\0b", 1, 1)), "'item-added' has a NUL character"),
        ["half a pair in event"] = (With(new ItemAdded(HalfPair, 1, 1)), "'item-added' has half a surrogate pair"),
        ["event over the limit"] = (With(new ItemAdded(new string('x', Megabyte), 1, 1)), "'item-added' has 10486"),
        ["event of 10 MB"] = (With(new ItemAdded(new string('x', 10 * Megabyte), 1, 1)), "at most 1048576 are stored"),
        ["unmapped event"] = (With("just a text"), "System.String is no mapped event type"),
        ["no command id"] = (To("s", commandId: Guid.Empty), "command id is empty"),
        ["empty tenant"] = (By(Good.Metadata with { Tenant = "" }), "tenant is empty"),
        ["NUL in tenant"] = (By(Good.Metadata with { Tenant = "\0" }), "tenant has a NUL character"),
        ["half a pair in tenant"] = (By(Good.Metadata with { Tenant = HalfPair }), "tenant has half a surrogate pair"),
        ["NUL in user"] = (By(Good.Metadata with { User = "\0" }), "user has a NUL character"),
        ["huge user"] = (By(Good.Metadata with { User = new string('x', 1001) }), "has 1001 characters: at most 1000"),
        ["half a pair in correlation"] = (By(Good.Metadata with { CorrelationId = HalfPair }), "correlation id has half"),
        ["NUL in causation"] = (By(Good.Metadata with { CausationId = "\0" }), "causation id has a NUL"),
        ["NUL in trace"] = (By(Good.Metadata with { TraceParent = "\0" }), "trace context has a NUL"),
        ["empty tag"] = (Tags(""), "tag is empty"),
        ["NUL in tag"] = (Tags("\0"), "tag has a NUL character"),
        ["half a pair in tag"] = (Tags(HalfPair), "tag has half a surrogate pair"),
        ["long tag"] = (Tags(new string('x', 201)), "has 201 characters"),
        ["33 tags"] = (Tags([.. Enumerable.Range(0, 33).Select(n => $"{n}")]), "has 33 tags: at most 32"),
        ["key claimed twice"] = (Claim(new("k", "a"), new("k", "b")), "'k' is claimed twice"),
        ["key claimed and released"] = (
            Claim(new KeyClaim("k", "a")) with { Releases = ["k"] }, "'k' is released twice, or claimed and released"),
        ["NUL in key"] = (Claim(new KeyClaim("\0", "a")), "unique key has a NUL character"),
        ["half a pair in key"] = (Good with { Releases = [HalfPair] }, "unique key has half a surrogate pair"),
        ["long key"] = (Claim(new KeyClaim(new string('x', 501), "a")), "has 501 characters: at most 500"),
        ["empty owner"] = (Claim(new KeyClaim("k", "")), "owner of the key 'k' is empty"),
        ["condition without tags"] = (If(new AppendCondition(new LogFilter(), 0)), "A condition has no tag"),
        ["condition behind nothing"] = (If(new AppendCondition(new LogFilter(Tags: ["t"]), -1)), "After"),
        ["NUL in condition"] = (If(new AppendCondition(new LogFilter(Tags: ["t", "\0"]), 0)), "tag has a NUL character"),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> BadRequests => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Bad_input_is_named_and_changes_nothing(string fault)
    {
        var (request, message) = Faults[fault];
        var before = await database.Contents();
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await database.Store.Append(request, Cancel));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 500, "The message is as long as what it complains of.");
        Assert.Equal(before, await database.Contents());
    }

    [Fact]
    public async Task What_is_at_a_limit_is_stored_and_comes_back()
    {
        var bytes = new EventJson(Types()).Write(new ItemAdded("", 1, 1)).Length;
        var full = new ItemAdded(new string('x', Megabyte - bytes), 1, 1);
        var odd = new ItemAdded("\u00e9 \ud83d\ude00 \ufffd \\u0000 \\uFFFD \" \u2028", int.MaxValue, decimal.MaxValue);
        var name = new string('\u20ac', 200);
        var tags = Enumerable.Range(0, 32).Select(n => $"{n:00}{new string('t', 198)}").ToArray();
        var metadata = new EventMetadata(
            Guid.NewGuid(), new string('n', 200), DateTimeOffset.MaxValue.ToUniversalTime(), new string('c', 1000));
        var key = new string('k', 500);

        Assert.IsType<Appended>(await database.Store.Append(
            new AppendRequest(
                [new StreamAppend(name, ExpectedVersion.NoStream, [full, new Tagged(odd, tags)])],
                metadata,
                [new KeyClaim(key, name)]),
            Cancel));

        var read = await database.Store.ReadStream(name, cancellationToken: Cancel).All();
        Assert.Equal([full, odd], read.Select(e => e.Data));
        Assert.Equal(tags, read[1].Tags);
        Assert.All(read, e => Assert.Equal(metadata, e.Metadata));
        Assert.Equal(read[1], Assert.Single(await database.Store.ReadLog(
            0, new LogFilter(Tags: [tags[31]]), cancellationToken: Cancel).All()), SamePosition);
        Assert.Equal(new KeyTaken(key, name), await database.Store.Append(Claim(new KeyClaim(key, "another")), Cancel));

        static bool SamePosition(RecordedEvent one, RecordedEvent other) => one.Position == other.Position;
    }

    [Fact]
    public async Task Versions_and_positions_beyond_the_log_are_conflicts_and_ends_not_errors()
    {
        var stream = NewStream();
        await database.Store.Append(To(stream), Cancel);
        Assert.Equal(
            new VersionConflict(stream, ExpectedVersion.Exactly(long.MaxValue), 1),
            await database.Store.Append(To(stream, ExpectedVersion.Exactly(long.MaxValue)), Cancel));
        Assert.IsType<VersionConflict>(
            await database.Store.Append(To(stream, ExpectedVersion.Exactly(1L + int.MaxValue)), Cancel));
        Assert.Empty(await database.Store.ReadStream(stream, long.MaxValue, cancellationToken: Cancel).All());
        Assert.Empty(await database.Store.ReadLog(long.MaxValue, cancellationToken: Cancel).All());
        Assert.Single(await database.Store.ReadStream(stream, long.MinValue, cancellationToken: Cancel).All());
        Assert.Empty(await database.Store.ReadStream(stream, limit: 0, cancellationToken: Cancel).All());
        Assert.Single(await database.Store.ReadStream(stream, limit: int.MaxValue, cancellationToken: Cancel).All());
    }

    private sealed record Odd(double Number, object? Member = null);

    [Fact]
    public async Task An_event_that_cannot_be_JSON_is_named()
    {
        var types = new EventTypes().Map<Odd>("odd").Map<int[]>("array");
        await using var store = new PostgresEventStore(database.DataSource, types);
        var before = await database.Contents();
        object[] cycle = [new object()];
        cycle[0] = cycle;
        foreach (object bad in new object[] { new Odd(double.NaN), new Odd(1, cycle), new Odd(1, typeof(int)) })
        {
            var error = await Assert.ThrowsAnyAsync<ArgumentException>(
                async () => await store.Append(With(bad), Cancel));
            Assert.Contains("'odd' cannot be written as JSON", error.Message, StringComparison.Ordinal);
        }
        var array = await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await store.Append(With(new[] { 1 }), Cancel));
        Assert.Contains("'array' is no JSON object", array.Message, StringComparison.Ordinal);
        Assert.Equal(before, await database.Contents());
    }

    [Fact]
    public async Task Bad_arguments_of_reads_are_refused()
    {
        var store = database.Store;
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await store.ReadStream("a\0b", cancellationToken: Cancel).All());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await store.ReadStream("s", limit: -1, cancellationToken: Cancel).All());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await store.ReadLog(-1, cancellationToken: Cancel).All());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await store.ReadLog(0, limit: -1, cancellationToken: Cancel).All());
        foreach (var filter in new[]
        {
            new LogFilter(Types: ["\0"]), new LogFilter(Tenant: HalfPair), new LogFilter(Tags: [new string('x', 201)]),
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await store.ReadLog(0, filter, cancellationToken: Cancel).All());
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await store.Load(filter, Basket.Fold(), Cancel));
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await store.Subscribe(0, new SubscriptionOptions(filter), Cancel).All());
        }
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await store.Load(["a", ""], Basket.Fold(), cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await store.Subscribe(-1, cancellationToken: Cancel).All());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await store.Subscribe(0, new SubscriptionOptions(BatchSize: 0), Cancel).All());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await store.Subscribe(0, new SubscriptionOptions(PollInterval: TimeSpan.Zero), Cancel).All());
        await using var reader = new PostgresEventReader(database.DataSource, Types());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await reader.ReadStreams([new StreamEnd("s", -1)], Cancel));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExpectedVersion.Exactly(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Basket.Fold(snapshotEvery: 0));
    }

    [Fact]
    public void Options_with_which_nothing_would_work_are_refused()
    {
        foreach (var options in new EventStoreOptions[]
        {
            new() { AppendWriters = 0 }, new() { AppendQueueLength = 0 }, new() { AppendPatience = TimeSpan.Zero },
            new() { PageSize = 0 }, new() { PartitionSize = 999 }, new() { SubjectKeyLifetime = TimeSpan.FromTicks(-1) },
        })
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new PostgresEventStore(database.DataSource, Types(), options));
        }
    }

    private static AppendRequest With(object @event) =>
        Good with { Streams = [new StreamAppend("s", ExpectedVersion.Any, [@event])] };

    private static AppendRequest Tags(params string[] tags) => With(new Tagged(Added(), tags));

    private static AppendRequest By(EventMetadata metadata) => Good with { Metadata = metadata };

    private static AppendRequest Claim(params KeyClaim[] claims) => Good with { Claims = claims };

    private static AppendRequest If(AppendCondition condition) => Good with { Conditions = [condition] };
}
