using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class SubscriptionBatchTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    /// <summary>So long that a batch which comes has closed for another reason.</summary>
    private static readonly TimeSpan VeryLong = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task A_batch_that_gathers_goes_as_soon_as_it_is_full()
    {
        await using var follower = new Follower(
            Store,
            await Store.ReadHead(Cancel),
            new SubscriptionOptions(BatchSize: 5, PollInterval: VeryLong, GatherFor: VeryLong));
        var positions = new List<long>();
        for (var i = 0; i < 5; i++)
            positions.AddRange(Assert.IsType<Appended>(await Store.Append(To(NewStream(), events: 2), Cancel)).Positions);

        foreach (var expected in positions.Chunk(5))
        {
            var batch = await follower.Next();
            Assert.Equal(expected, batch.Events.Select(recorded => recorded.Position));
            Assert.Equal(expected[^1], batch.Position);
        }
    }

    [Fact]
    public async Task A_batch_that_does_not_fill_goes_when_its_time_is_over()
    {
        await using var follower = new Follower(
            Store,
            await Store.ReadHead(Cancel),
            new SubscriptionOptions(
                BatchSize: 1000, PollInterval: VeryLong, GatherFor: TimeSpan.FromMilliseconds(200)));
        for (var i = 0; i < 3; i++)
        {
            var appended = Assert.IsType<Appended>(await Store.Append(To(NewStream(), events: 3), Cancel));
            Assert.Equal(appended.Positions[^1], (await follower.Until(3))[^1].Position);
        }
    }

    [Fact]
    public async Task A_batch_that_gathers_is_filled_across_what_the_filter_leaves_out()
    {
        var start = await Store.ReadHead(Cancel);
        for (var i = 0; i < 3; i++)
        {
            await Store.Append(To(NewStream(), events: 100), Cancel);
            await Store.Append(
                new AppendRequest(
                    [new StreamAppend(NewStream(), ExpectedVersion.NoStream, [new ItemRemoved($"{i}")])], Metadata()),
                Cancel);
        }
        await using var follower = new Follower(
            Store,
            start,
            new SubscriptionOptions(
                new LogFilter(Types: ["item-removed"]), BatchSize: 3, PollInterval: VeryLong, GatherFor: VeryLong));
        var batch = await follower.Next();
        Assert.Equal(
            [new ItemRemoved("0"), new ItemRemoved("1"), new ItemRemoved("2")],
            batch.Events.Select(recorded => recorded.Data));
        Assert.Equal(batch.Events[^1].Position, batch.Position);
    }

    [Fact]
    public async Task Every_event_comes_once_and_in_order_while_the_next_batch_is_read_ahead()
    {
        var start = await Store.ReadHead(Cancel);
        var positions = new List<long>();
        for (var i = 0; i < 20; i++)
            positions.AddRange(Assert.IsType<Appended>(await Store.Append(To(NewStream(), events: 50), Cancel)).Positions);
        await using var follower = new Follower(
            Store, start, new SubscriptionOptions(BatchSize: 7, PollInterval: VeryLong));
        var read = await follower.Until(positions.Count);
        Assert.Equal(positions, read.SelectMany(batch => batch.Events).Select(recorded => recorded.Position));
    }

    [Fact]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await Refused(new SubscriptionOptions(BatchSize: 0));
        await Refused(new SubscriptionOptions(PollInterval: TimeSpan.Zero));
        await Refused(new SubscriptionOptions(GatherFor: TimeSpan.Zero));

        async Task Refused(SubscriptionOptions options) => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await Store.Subscribe(0, options, Cancel).FirstAsync(Cancel));
    }
}
