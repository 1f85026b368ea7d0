using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class ReadTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task A_stream_is_read_in_either_direction_from_a_version_and_with_a_limit_over_many_pages()
    {
        await using var paged = new PostgresEventStore(
            database.DataSource, Types(), new EventStoreOptions { PageSize = 3 });
        var stream = NewStream();
        await Store.Append(To(stream, events: 10), Cancel);

        Assert.Equal(Numbers(1, 10), await Versions(1, ReadDirection.Forward, null));
        Assert.Equal(Numbers(4, 10), await Versions(4, ReadDirection.Forward, null));
        Assert.Equal(Numbers(4, 8), await Versions(4, ReadDirection.Forward, 5));
        Assert.Equal(Numbers(1, 10).Reverse(), await Versions(1, ReadDirection.Backward, null));
        Assert.Equal([10], await Versions(1, ReadDirection.Backward, 1));
        Assert.Equal(Numbers(8, 10).Reverse(), await Versions(8, ReadDirection.Backward, null));
        Assert.Empty(await Versions(11, ReadDirection.Forward, null));
        Assert.Empty(await Versions(1, ReadDirection.Forward, 0));
        Assert.Empty(await Store.ReadStream("unknown", cancellationToken: Cancel).All());

        async Task<IEnumerable<long>> Versions(long from, ReadDirection direction, int? limit) =>
            (await paged.ReadStream(stream, from, direction, limit, Cancel).All()).Select(e => e.Version);
    }

    [Fact]
    public async Task Events_of_the_largest_size_are_read_in_pages_that_end_early_and_none_is_missed()
    {
        const int events = 20;
        var (stream, start) = (NewStream(), await Store.ReadHead(Cancel));
        for (var i = 0; i < events; i++)
        {
            var large = new ItemRemoved($"{i} {new string('x', 1_000_000)}");
            await Store.Append(
                new AppendRequest([new StreamAppend(stream, ExpectedVersion.Any, [large])], Metadata()), Cancel);
        }
        Assert.Equal(Numbers(1, events), await Versions(Store.ReadStream(stream, cancellationToken: Cancel)));
        Assert.Equal(
            Numbers(1, events).Reverse(),
            await Versions(Store.ReadStream(stream, direction: ReadDirection.Backward, cancellationToken: Cancel)));
        Assert.Equal(
            Numbers(1, events - 1),
            await Versions(Store.ReadStream(stream, limit: events - 1, cancellationToken: Cancel)));
        Assert.Equal(Numbers(1, events), await Versions(Store.ReadLog(start, cancellationToken: Cancel)));
        Assert.Equal(
            Numbers(1, events),
            await Versions(Store.ReadLog(start, new LogFilter(["item-removed"]), cancellationToken: Cancel)));

        var batches = new List<EventBatch>();
        await foreach (var batch in Store.Subscribe(
            start, new SubscriptionOptions(GatherFor: TimeSpan.FromMinutes(10)), Cancel))
        {
            batches.Add(batch);
            // The last one gathers: nothing more is coming.
            if (batches.Count == 2)
                break;
        }
        Assert.Equal(Numbers(1, 18), batches.SelectMany(batch => batch.Events).Select(recorded => recorded.Version));
        Assert.All(batches, batch => Assert.Equal(9, batch.Events.Count));

        static async Task<IEnumerable<long>> Versions(IAsyncEnumerable<RecordedEvent> read) =>
            (await read.All()).Select(recorded => recorded.Version);
    }

    [Fact]
    public async Task The_log_is_read_by_type_tenant_and_time_over_many_pages()
    {
        await using var paged = new PostgresEventStore(
            database.DataSource, Types(), new EventStoreOptions { PageSize = 4 });
        var start = await Store.ReadHead(Cancel);
        var noon = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 12; i++)
        {
            await Store.Append(
                new AppendRequest(
                    [new StreamAppend(NewStream(), ExpectedVersion.NoStream, [Added(i), new ItemRemoved($"{i}")])],
                    Metadata() with { Tenant = i % 2 == 0 ? "even" : "odd", Time = noon.AddHours(i) }),
                Cancel);
        }
        Assert.Equal(24, await Count(null));
        Assert.Equal(12, await Count(new LogFilter(Types: ["item-removed"])));
        Assert.Equal(24, await Count(new LogFilter(Types: ["item-removed", "item-added", "unknown"])));
        Assert.Equal(0, await Count(new LogFilter(Types: [])));
        Assert.Equal(12, await Count(new LogFilter(Tenant: "odd")));
        Assert.Equal(4, await Count(new LogFilter(Since: noon.AddHours(10))));
        Assert.Equal(1, await Count(new LogFilter(["item-added"], "even", noon.AddHours(10))));
        Assert.Equal(5, (await paged.ReadLog(start, limit: 5, cancellationToken: Cancel).All()).Count);

        async Task<int> Count(LogFilter? filter) =>
            (await paged.ReadLog(start, filter, cancellationToken: Cancel).All()).Count;
    }

    [Fact]
    public async Task Reading_ends_when_it_is_canceled()
    {
        await Store.Append(To(NewStream(), events: 5), Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var paged = new PostgresEventStore(
            database.DataSource, Types(), new EventStoreOptions { PageSize = 1 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in paged.ReadLog(0, cancellationToken: stop.Token))
                await stop.CancelAsync();
        });
    }

    private static IEnumerable<long> Numbers(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(n => (long)n);
}
