using Npgsql;
using Servers;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>The log goes on from one partition to the next, and whoever writes or reads sees one log.</summary>
public sealed class PartitionTests(TestServers servers) : IAsyncLifetime
{
    private const int Size = 1000;

    private string connectionString = null!;
    private NpgsqlDataSource dataSource = null!;
    private PostgresEventStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        connectionString = await servers.NewDatabase(Cancel);
        dataSource = NpgsqlDataSource.Create(connectionString);
        store = new PostgresEventStore(
            dataSource, Types(), new EventStoreOptions { PartitionSize = Size, PageSize = 300 });
        await store.Migrate(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await dataSource.DisposeAsync();
    }

    [Fact]
    public async Task Two_partitions_lie_ahead_of_the_log_from_the_start()
    {
        Assert.Equal(3, await Ask<long>("select count(*) from eventstore.partitions"));
        Assert.Equal(3 * Size, await Ask<long>("select max(to_position) from eventstore.partitions"));
    }

    [Fact]
    public async Task Partitions_are_made_while_the_log_grows_and_reads_cross_them()
    {
        var streams = Enumerable.Range(0, 10).Select(_ => NewStream()).ToArray();
        var first = await store.Append(To(streams[0], events: 5), Cancel);
        for (var i = 0; i < 70; i++)
            Assert.IsType<Appended>(await store.Append(To(streams[i % 10], events: 100), Cancel));

        var partitions = await Ask<long>("select count(*) from eventstore.partitions where from_position <= 7000");
        Assert.InRange(partitions, 7, 9);
        Assert.Equal(7005, (await store.ReadLog(0, cancellationToken: Cancel).All()).Count);
        var forward = await store.ReadStream(streams[0], cancellationToken: Cancel).All();
        Assert.Equal(Enumerable.Range(1, 705).Select(n => (long)n), forward.Select(e => e.Version));
        var backward = await store.ReadStream(
            streams[0], direction: ReadDirection.Backward, cancellationToken: Cancel).All();
        Assert.Equal(forward.Select(e => e.Position).Reverse(), backward.Select(e => e.Position));
        Assert.Equal(
            705, (await store.Load([streams[0]], Basket.Fold(), cancellationToken: Cancel))[streams[0]].Version);
        Assert.IsType<Appended>(first);
    }

    [Fact]
    public async Task An_append_that_finds_no_partition_waits_for_one()
    {
        // As if every look at the partitions had failed for long.
        await Execute($"select setval('eventstore.positions', {3 * Size - 2})");
        var stream = NewStream();
        var appended = Assert.IsType<Appended>(await store.Append(To(stream, events: 10), Cancel));
        Assert.True(appended.Position >= 3 * Size);
        Assert.Equal(10, (await store.ReadStream(stream, cancellationToken: Cancel).All()).Count);
    }

    [Fact]
    public async Task A_repeated_append_is_recognized_in_a_complete_partition_and_new_ones_are_not_looked_for_there()
    {
        var request = To("s", events: 2);
        var first = Assert.IsType<Appended>(await store.Append(request, Cancel));
        for (var i = 0; i < 15; i++)
            await store.Append(To("s", events: 100), Cancel);
        await Execute($"select eventstore.add_partitions({Size}, 2)");
        Assert.Equal(1, await Ask<long>("select count(*) from eventstore.partitions where newest_event is not null"));

        var again = Assert.IsType<Appended>(await store.Append(request, Cancel));
        Assert.Equal(first.Positions, again.Positions);
        Assert.IsType<Appended>(await store.Append(To("s", ExpectedVersion.Exactly(1502)), Cancel));
        Assert.Equal(1503, (await store.ReadStream("s", cancellationToken: Cancel).All()).Count);
    }

    [Fact]
    public async Task A_writer_makes_partitions_without_the_right_to_make_tables()
    {
        var options = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Options = "-c role=eventstore_writer",
        };
        await using var writers = NpgsqlDataSource.Create(options);
        await using var writer = new PostgresEventStore(
            writers, Types(), new EventStoreOptions { PartitionSize = Size });
        for (var i = 0; i < 40; i++)
            Assert.IsType<Appended>(await writer.Append(To("s", events: 100), Cancel));
        Assert.True(await Ask<long>("select max(to_position) from eventstore.partitions") > 4000);
        var error = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var command = writers.CreateCommand("create table eventstore.mine ()");
            await command.ExecuteNonQueryAsync(Cancel);
        });
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    [Fact]
    public void Tiny_partitions_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new PostgresEventStore(dataSource, Types(), new EventStoreOptions { PartitionSize = 999 }));

    private async Task Execute(string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<T> Ask<T>(string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
