using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>Decisions on events of several streams, appended only if no further such event has come.</summary>
public sealed class ConditionalAppendTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly Fold<int> Count = new("count", 0, static (count, _) => count + 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task A_matching_event_behind_the_position_refuses_the_append_and_is_named()
    {
        var tag = NewStream("tag");
        var first = Assert.IsType<Appended>(await Store.Append(Tag(tag), Cancel));
        var condition = new AppendCondition(new LogFilter(Tags: [tag]), first.Position);
        var second = Assert.IsType<Appended>(
            await Store.Append(Tag(tag) with { Conditions = [condition] }, Cancel));
        var before = await database.Contents();

        var refused = await Store.Append(Tag(tag) with { Conditions = [condition] }, Cancel);

        Assert.Equal(new ConditionFailed(condition, second.Position), refused);
        Assert.Equal(before, await database.Contents());
    }

    [Fact]
    public async Task Only_events_with_all_the_tags_and_one_of_the_types_matter()
    {
        var (one, two) = (NewStream("tag"), NewStream("tag"));
        await Store.Append(Tag(one), Cancel);
        var both = Assert.IsType<Appended>(await Store.Append(Tag(two, one), Cancel));
        AppendCondition[] hold =
        [
            new(new LogFilter(Tags: [one, two, NewStream("tag")]), 0),
            new(new LogFilter(["item-removed"], Tags: [one]), 0),
            new(new LogFilter(Tenant: "another", Tags: [one]), 0),
            new(new LogFilter(Tags: [two]), both.Position),
        ];
        Assert.IsType<Appended>(await Store.Append(To(NewStream()) with { Conditions = hold }, Cancel));
        var fails = new AppendCondition(new LogFilter(["item-removed", "item-added"], "demo", Tags: [one, two]), 0);
        Assert.Equal(
            new ConditionFailed(fails, both.Position),
            await Store.Append(To(NewStream()) with { Conditions = [.. hold, fails] }, Cancel));
    }

    [Fact]
    public async Task Of_appends_that_would_break_each_others_condition_one_succeeds_at_a_time()
    {
        const int Limit = 40;
        var tag = NewStream("seats");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(writer => Task.Run(async () =>
        {
            await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
            while (true)
            {
                var taken = await Store.Load(new LogFilter(Tags: [tag]), Count, Cancel);
                if (taken.State == Limit)
                    return;
                Assert.InRange(taken.State, 0, Limit);
                var request = Tag(tag, NewStream("seat")) with { Conditions = [taken.Unchanged] };
                if (writer % 3 > 0)
                {
                    await Store.Append(request, Cancel);
                    continue;
                }
                await using var transaction = await connection.BeginTransactionAsync(Cancel);
                await Store.Append(request, transaction, Cancel);
                await Task.Delay(1, Cancel);
                await transaction.CommitAsync(Cancel);
            }
        })));
        Assert.Equal(Limit, (await Store.Load(new LogFilter(Tags: [tag]), Count, Cancel)).State);
    }

    [Fact]
    public async Task An_event_of_an_open_transaction_counts_once_it_is_committed_whatever_its_position()
    {
        var tag = NewStream("tag");
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var open = Assert.IsType<Appended>(await Store.Append(Tag(tag), transaction, Cancel));
        Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel));

        var seen = await Store.Load(new LogFilter(Tags: [tag]), Count, Cancel);
        Assert.Equal(0, seen.State);
        Assert.True(seen.Position < open.Position);
        var waiting = Store.Append(Tag(tag) with { Conditions = [seen.Unchanged] }, Cancel).AsTask();
        Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel));
        Assert.IsType<Appended>(await Store.Append(Tag(NewStream("tag")), Cancel));
        Assert.False(waiting.IsCompleted);

        await transaction.CommitAsync(Cancel);
        Assert.Equal(new ConditionFailed(seen.Unchanged, open.Position), await waiting);
    }

    [Fact]
    public async Task Tags_come_back_sorted_and_find_their_events()
    {
        var (a, b) = (NewStream("a-tag"), NewStream("b-tag"));
        await Store.Append(Tag(b, a, b), Cancel);
        await Store.Append(Tag(b), Cancel);
        var both = Assert.Single(
            await Store.ReadLog(0, new LogFilter(Tags: [b, a]), cancellationToken: Cancel).All());
        Assert.Equal([a, b], both.Tags);
        Assert.Equal(2, (await Store.ReadLog(0, new LogFilter(Tags: [b]), cancellationToken: Cancel).All()).Count);
        Assert.Empty(await Store.ReadLog(
            0, new LogFilter(["item-removed"], Tags: [b]), cancellationToken: Cancel).All());
    }

    [Fact]
    public async Task A_condition_needs_a_tag()
    {
        var condition = new AppendCondition(new LogFilter(["item-added"]), 0);
        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await Store.Append(To(NewStream()) with { Conditions = [condition] }, Cancel));
        Assert.Contains("no tag", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_locked_by_an_open_transaction_holds_up_nobody_else()
    {
        var stream = NewStream();
        await Store.Append(To(stream), Cancel);
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.Append(To(stream), transaction, Cancel);

        var behind = Enumerable.Range(0, 10).Select(_ => Store.Append(To(stream), Cancel).AsTask()).ToArray();
        for (var i = 0; i < 20; i++)
            Assert.IsType<Appended>(await Store.Append(To(NewStream()), Cancel));
        Assert.All(behind, append => Assert.False(append.IsCompleted));

        await transaction.CommitAsync(Cancel);
        var versions = (await Task.WhenAll(behind)).Select(r => Assert.IsType<Appended>(r).Versions[0]);
        Assert.Equal(Enumerable.Range(3, 10).Select(n => (long)n), versions.Order());
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var closed = new PostgresEventStore(database.DataSource, Types());
        await closed.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await closed.Append(To(NewStream()), Cancel));
    }

    private static AppendRequest Tag(params string[] tags) => new(
        [new StreamAppend(NewStream(), ExpectedVersion.NoStream, [new Tagged(Added(), tags)])], Metadata());
}
