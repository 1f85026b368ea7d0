using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class LoadTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresEventStore Store => database.Store;

    [Fact]
    public async Task Many_streams_are_folded_at_once_and_unknown_ones_are_initial()
    {
        var (one, two, unknown) = (NewStream(), NewStream(), NewStream());
        await Store.Append(To(one, events: 3), Cancel);
        await Store.Append(To(two, events: 1), Cancel);
        var loaded = await Store.Load([two, unknown, one, two], Basket.Fold(), cancellationToken: Cancel);
        Assert.Equal(3, loaded.Count);
        Assert.Equal(new Loaded<Basket>(new Basket(6, 75m), 3), loaded[one]);
        Assert.Equal(new Loaded<Basket>(new Basket(1, 12.5m), 1), loaded[two]);
        Assert.Equal(new Loaded<Basket>(new Basket(0, 0), 0), loaded[unknown]);
        Assert.Equal(ExpectedVersion.NoStream, loaded[unknown].Expected);
        Assert.Empty(await Store.Load([], Basket.Fold(), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_snapshot_is_taken_beside_the_load_and_the_tail_is_folded_onto_it()
    {
        var stream = NewStream();
        var fold = Basket.Fold("snapshot", snapshotEvery: 10);
        await Store.Append(To(stream, events: 9), Cancel);
        await Load(stream, fold);
        await Store.Append(To(stream, events: 3), Cancel);
        var loaded = await Load(stream, fold);
        Assert.Equal(12, loaded.Version);
        await SnapshotAt(stream, "snapshot", 12);

        // Were the events read, the fold would now see other prices.
        await database.Execute(
            $$"""
            update eventstore.events set data = '{"item":"x","quantity":0,"price":0}' where stream = '{{stream}}'
            """);
        await Store.Append(To(stream), Cancel);
        var fromSnapshot = await Load(stream, fold);
        Assert.Equal(13, fromSnapshot.Version);
        Assert.Equal(loaded.State.Worth + 12.5m, fromSnapshot.State.Worth);
    }

    [Fact]
    public async Task Snapshots_of_another_schema_version_or_fold_are_ignored_and_replaced()
    {
        var stream = NewStream();
        await Store.Append(To(stream, events: 5), Cancel);
        await Load(stream, Basket.Fold("versioned", schemaVersion: 1, snapshotEvery: 5));
        await SnapshotAt(stream, "versioned", 5);
        await database.Execute(
            """update eventstore.snapshots set state = '{"items":-1,"worth":-1}' where fold = 'versioned'""");

        Assert.Equal(15, (await Load(stream, Basket.Fold("other", snapshotEvery: 5))).State.Items);
        Assert.Equal(15, (await Load(stream, Basket.Fold("versioned", 2, snapshotEvery: 5))).State.Items);
        await Eventually(async () => await database.Ask<int>(
            $"select schema_version from eventstore.snapshots where fold = 'versioned'") == 2);
        Assert.Equal(15, (await Load(stream, Basket.Fold("versioned", 1, snapshotEvery: 50))).State.Items);
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("null")]
    [InlineData("{\"items\":\"many\"}")]
    public async Task A_snapshot_that_cannot_be_read_is_ignored(string state)
    {
        var stream = NewStream();
        var fold = Basket.Fold($"broken {state}", snapshotEvery: 5);
        await Store.Append(To(stream, events: 5), Cancel);
        await Load(stream, fold);
        await SnapshotAt(stream, fold.Name, 5);
        await database.Execute($"update eventstore.snapshots set state = '{state}' where fold = '{fold.Name}'");
        Assert.Equal(new Loaded<Basket>(new Basket(15, 187.5m), 5), await Load(stream, fold));
    }

    [Fact]
    public async Task A_snapshot_ahead_of_its_stream_is_ignored()
    {
        var stream = NewStream();
        var fold = Basket.Fold("ahead", snapshotEvery: 5);
        await Store.Append(To(stream, events: 5), Cancel);
        await Load(stream, fold);
        await SnapshotAt(stream, "ahead", 5);
        await database.Execute("update eventstore.snapshots set version = 6, state = '{}' where fold = 'ahead'");
        Assert.Equal(15, (await Load(stream, fold)).State.Items);
    }

    [Fact]
    public async Task What_a_transaction_has_appended_itself_is_not_kept_as_a_snapshot()
    {
        var (stream, later) = (NewStream(), NewStream());
        var fold = Basket.Fold("uncommitted", snapshotEvery: 5);
        await using (var connection = await database.DataSource.OpenConnectionAsync(Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await Store.Append(To(stream, events: 5), transaction, Cancel);
            Assert.Equal(5, (await Store.Load([stream], fold, transaction, Cancel))[stream].Version);
            await transaction.RollbackAsync(Cancel);
        }
        // Snapshots are written in order: when this one is there, the other would be.
        await Store.Append(To(later, events: 5), Cancel);
        await Load(later, fold);
        await SnapshotAt(later, "uncommitted", 5);
        await Store.Append(To(stream, events: 5, from: 101), Cancel);
        Assert.Equal(
            1, await database.Ask<long>("select count(*) from eventstore.snapshots where fold = 'uncommitted'"));
        Assert.Equal(515, (await Load(stream, fold)).State.Items);
    }

    public sealed record Lossy(int Items)
    {
        public int Doubled { get; private set; }

        public static Fold<Lossy> Fold { get; } = new(
            "lossy",
            new Lossy(0),
            (state, _) => new Lossy(state.Items + 1) { Doubled = (state.Items + 1) * 2 },
            SnapshotEvery: 5);
    }

    [Fact]
    public async Task A_state_that_JSON_would_change_gets_no_snapshot_and_still_loads()
    {
        var (stream, later) = (NewStream(), NewStream());
        await Store.Append(To(stream, events: 5), Cancel);
        await Store.Load([stream], Lossy.Fold, cancellationToken: Cancel);
        await Store.Append(To(later, events: 5), Cancel);
        await Load(later, Basket.Fold("behind lossy", snapshotEvery: 5));
        await SnapshotAt(later, "behind lossy", 5);
        Assert.Equal(0, await database.Ask<long>("select count(*) from eventstore.snapshots where fold = 'lossy'"));
        Assert.Equal(10, (await Store.Load([stream], Lossy.Fold, cancellationToken: Cancel))[stream].State.Doubled);
    }

    private async Task<Loaded<Basket>> Load(string stream, Fold<Basket> fold) =>
        (await Store.Load([stream], fold, cancellationToken: Cancel))[stream];

    private Task SnapshotAt(string stream, string fold, long version)
    {
        var count =
            $"""
            select count(*) from eventstore.snapshots as p join eventstore.streams as s on s.id = p.stream_id
            where s.stream = '{stream}' and p.fold = '{fold}' and p.version = {version}
            """;
        return Eventually(async () => await database.Ask<long>(count) == 1);
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        while (!await holds())
            await Task.Delay(20, limit.Token);
    }
}
