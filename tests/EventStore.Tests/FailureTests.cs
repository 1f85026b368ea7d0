using System.Net;
using System.Net.Sockets;
using Npgsql;
using Servers;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>What lies with the database and not with the request: a type for each, and nothing written.</summary>
public sealed class FailureTests(StoreDatabase database, TestServers servers) : IClassFixture<StoreDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly EventStoreOptions Hasty = new() { AppendPatience = TimeSpan.FromMilliseconds(500) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_that_stays_locked_is_named_with_the_way_out()
    {
        var stream = NewStream();
        await using var dataSource = With(connection => connection.CommandTimeout = 2);
        await using var store = new PostgresEventStore(dataSource, Types());
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await database.Store.Append(To(stream), transaction, Cancel);

        var failure = await Assert.ThrowsAsync<AppendFailedException>(
            async () => await store.Append(To(stream), Cancel));

        Assert.Equal((stream, PostgresErrorCodes.LockNotAvailable), (failure.Stream, failure.SqlState));
        Assert.Contains("pg_stat_activity", failure.Message, StringComparison.Ordinal);
        await transaction.RollbackAsync(Cancel);
        Assert.Empty(await database.Store.ReadStream(stream, cancellationToken: Cancel).All());
    }

    [Fact]
    public async Task A_lock_timeout_of_the_callers_session_fails_a_joined_append_the_same_way()
    {
        var stream = NewStream();
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var holding = await connection.BeginTransactionAsync(Cancel);
        await database.Store.Append(To(stream), holding, Cancel);
        await using var second = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var waiting = await second.BeginTransactionAsync(Cancel);
        await using (var timeout = new NpgsqlCommand("set local lock_timeout = '50ms'", second))
            await timeout.ExecuteNonQueryAsync(Cancel);

        var failure = await Assert.ThrowsAsync<AppendFailedException>(
            async () => await database.Store.Append(To(stream), waiting, Cancel));
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, failure.SqlState);
    }

    [Fact]
    public async Task Callers_that_no_writer_has_time_for_leave_with_nothing_written()
    {
        var stream = NewStream();
        await using var dataSource = With(connection => connection.CommandTimeout = 3);
        await using var store = new PostgresEventStore(
            dataSource,
            Types(),
            new EventStoreOptions { AppendWriters = 1, AppendQueueLength = 2, AppendPatience = TimeSpan.FromSeconds(1) });
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await database.Store.Append(To(stream), transaction, Cancel);

        // Four wait for the lock, two more for a place behind them, and the writer for room: all the others queue.
        var waiting = Enumerable.Range(0, 40).Select(_ => store.Append(To(stream), Cancel).AsTask()).ToList();
        foreach (var append in waiting)
            await Assert.ThrowsAsync<AppendFailedException>(() => append.WaitAsync(Patience, Cancel));

        var failures = waiting.Select(append => (AppendFailedException)append.Exception!.InnerException!).ToList();
        Assert.Contains(failures, failure => failure.SqlState is PostgresErrorCodes.LockNotAvailable);
        Assert.Contains(failures, failure => failure.SqlState is null
            && failure.Message.Contains("no writer was free", StringComparison.Ordinal));
        await transaction.RollbackAsync(Cancel);
        Assert.Empty(await database.Store.ReadStream(stream, cancellationToken: Cancel).All());
        Assert.IsType<Appended>(await store.Append(To(stream), Cancel));
    }

    [Fact]
    public async Task A_database_that_is_not_migrated_says_so_and_stays_as_it_is()
    {
        await using var dataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
        await using var store = new PostgresEventStore(dataSource, Types());
        var failure = await Assert.ThrowsAsync<AppendFailedException>(async () => await store.Append(To("s"), Cancel));
        Assert.Contains("Migrate it first", failure.Message, StringComparison.Ordinal);
        await CannotBeRead(() => store.ReadHead(Cancel).AsTask());
        await CannotBeRead(() => store.ReadStream("s", cancellationToken: Cancel).All());
        await CannotBeRead(() => store.ReadLog(0, cancellationToken: Cancel).All());
        await CannotBeRead(() => store.Load(["s"], Basket.Fold(), cancellationToken: Cancel).AsTask());
        await CannotBeRead(() => store.Subscribe(0, cancellationToken: Cancel).FirstAsync(Cancel).AsTask());
        await using var reader = new PostgresEventReader(dataSource, Types());
        await CannotBeRead(() => reader.ReadStreams([new StreamEnd("s")], Cancel).AsTask());

        await store.Migrate(Cancel);
        Assert.Equal(0, await store.ReadHead(Cancel));
        Assert.IsType<Appended>(await store.Append(To("s"), Cancel));

        static async Task CannotBeRead(Func<Task> read)
        {
            var failure = await Assert.ThrowsAsync<ReadFailedException>(read);
            Assert.Contains("Migrate it first", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named_by_its_address()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        await using var dataSource = With(connection => (connection.Host, connection.Port) = ("127.0.0.1", port));
        await using var store = new PostgresEventStore(dataSource, Types(), Hasty);
        var failure = await Assert.ThrowsAsync<NpgsqlException>(async () => await store.Append(To("s"), Cancel));
        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NpgsqlException>(async () => await store.ReadHead(Cancel));
        await Assert.ThrowsAsync<NpgsqlException>(
            async () => await store.Load(["s"], Basket.Fold(), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_pool_without_a_free_connection_is_named_and_serves_again_later()
    {
        var stream = NewStream();
        await using var dataSource = With(connection => (connection.MaxPoolSize, connection.Timeout) = (1, 1));
        await using var store = new PostgresEventStore(dataSource, Types(), Hasty);
        await using (await dataSource.OpenConnectionAsync(Cancel))
        {
            var failure = await Assert.ThrowsAsync<NpgsqlException>(
                async () => await store.Append(To(stream), Cancel));
            Assert.Contains("pool has been exhausted", failure.Message, StringComparison.Ordinal);
        }
        Assert.IsType<Appended>(await store.Append(To(stream, ExpectedVersion.NoStream), Cancel));
    }

    [Fact]
    public async Task A_stream_at_the_last_version_takes_no_more_and_its_neighbors_in_the_batch_do()
    {
        var full = NewStream();
        await database.Store.Append(To(full), Cancel);
        await database.Execute(
            $"update eventstore.streams set version = {long.MaxValue - 1} where stream = '{full}'");
        await using var store = new PostgresEventStore(
            database.DataSource, Types(), new EventStoreOptions { AppendWriters = 1 });

        var others = Enumerable.Range(0, 40).Select(_ => store.Append(To(NewStream()), Cancel).AsTask()).ToList();
        var tooMany = store.Append(To(full, events: 2), Cancel).AsTask();
        others.AddRange(Enumerable.Range(0, 40).Select(_ => store.Append(To(NewStream()), Cancel).AsTask()));

        var failure = await Assert.ThrowsAsync<AppendFailedException>(() => tooMany);
        Assert.Contains("version is at its end", failure.Message, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(others), result => Assert.Equal([1], Assert.IsType<Appended>(result).Versions));
        await database.Execute($"update eventstore.streams set version = 1 where stream = '{full}'");
        Assert.Single(await database.Store.ReadStream(full, cancellationToken: Cancel).All());
    }

    [Fact]
    public async Task A_store_that_closes_has_written_each_append_or_says_that_it_has_not()
    {
        for (var round = 0; round < 5; round++)
        {
            var streams = Enumerable.Range(0, 100).Select(_ => NewStream()).ToArray();
            var store = new PostgresEventStore(database.DataSource, Types());
            var appends = streams.Select(stream => Task.Run(() => store.Append(To(stream), Cancel).AsTask(), Cancel))
                .ToList();
            await Task.WhenAny(appends);
            await store.DisposeAsync();
            foreach (var (stream, append) in streams.Zip(appends))
            {
                await ((Task)append).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                var written = (await database.Store.ReadStream(stream, cancellationToken: Cancel).All()).Count;
                if (append.IsCompletedSuccessfully)
                    Assert.Equal([written], Assert.IsType<Appended>(await append).Versions);
                else
                    Assert.Equal(0, written);
                if (append.IsFaulted)
                    Assert.IsType<ObjectDisposedException>(append.Exception.InnerException);
            }
        }
    }

    [Fact]
    public async Task A_closed_store_joins_no_transaction()
    {
        var store = new PostgresEventStore(database.DataSource, Types());
        await store.DisposeAsync();
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await store.Append(To(NewStream()), transaction, Cancel));
        await store.DisposeAsync();
    }

    private NpgsqlDataSource With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        change(connection);
        return NpgsqlDataSource.Create(connection);
    }
}
