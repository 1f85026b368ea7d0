using Npgsql;
using Servers;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>
/// A database made and filled at the first version of the schema is brought to the present one in place.
/// </summary>
public sealed class UpgradeTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_of_the_first_version_keeps_its_events_and_its_promises()
    {
        var before = To("old", ExpectedVersion.NoStream, events: 3);
        var ids = await IdsOf(before);
        await using var dataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
        await MakeFirstVersion(dataSource, ids, before.Metadata.CommandId);

        await using var store = new PostgresEventStore(dataSource, Types());
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => store.Migrate(Cancel)));

        Assert.Equal(3, await store.ReadHead(Cancel));
        var read = await store.ReadLog(0, cancellationToken: Cancel).All();
        Assert.Equal([1, 2, 3], read.Select(e => e.Position));
        Assert.Equal(ids, read.Select(e => e.EventId));
        Assert.Equal(
            ids, (await store.ReadStream("old", cancellationToken: Cancel).All()).Select(e => e.EventId));
        var loaded = (await store.Load(["old"], Basket.Fold(snapshotEvery: 10), cancellationToken: Cancel))["old"];
        Assert.Equal(new Loaded<Basket>(new Basket(100 + 3, 7), 3), loaded);

        var again = Assert.IsType<Appended>(await store.Append(before, Cancel));
        Assert.Equal([1, 2, 3], again.Positions);
        Assert.Equal([3], again.Versions);
        Assert.Equal(new KeyTaken("k", "old"), await store.Append(
            To("new") with { Claims = [new KeyClaim("k", "new")] }, Cancel));
        var next = Assert.IsType<Appended>(await store.Append(To("old", ExpectedVersion.Exactly(3)), Cancel));
        Assert.Equal([4], next.Versions);
        Assert.Equal(next.Position, await store.ReadHead(Cancel));
        Assert.Equal(0L, await Ask<long>(
            dataSource, "select count(*) from only eventstore.events"));
        Assert.Equal(4L, await Ask<long>(dataSource, "select count(*) from eventstore.events_from_0"));
    }

    [Fact]
    public async Task A_migration_that_dies_half_way_leaves_the_old_schema_and_the_next_one_goes_through()
    {
        var before = To("old", ExpectedVersion.NoStream, events: 3);
        var ids = await IdsOf(before);
        await using var dataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
        await MakeFirstVersion(dataSource, ids, before.Metadata.CommandId);
        await using var store = new PostgresEventStore(dataSource, Types());

        // A reader of the old log holds it: the migration has changed the streams already when it comes to wait for
        // this.
        await using (var connection = await dataSource.OpenConnectionAsync(Cancel))
        {
            await using var reading = await connection.BeginTransactionAsync(Cancel);
            await using (var read = new NpgsqlCommand("select count(*) from eventstore.events", connection))
                await read.ExecuteNonQueryAsync(Cancel);
            var migrating = store.Migrate(Cancel);
            // On a connection without a transaction: within one, the activity is seen as it was at the first look.
            const string Kill =
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()
                """;
            while (await Ask<long>(dataSource, Kill) == 0 && !migrating.IsCompleted)
                await Task.Delay(20, Cancel);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => migrating);
            await reading.RollbackAsync(Cancel);
        }

        Assert.Equal(1L, await Ask<long>(dataSource, "select count(*) from eventstore.migrations"));
        Assert.Equal(0L, await Ask<long>(
            dataSource,
            """
            select count(*) from information_schema.columns
            where table_schema = 'eventstore' and (table_name, column_name) in (('streams', 'above'), ('events', 'tags'))
            """));
        await store.Migrate(Cancel);
        Assert.Equal(ids, (await store.ReadLog(0, cancellationToken: Cancel).All()).Select(e => e.EventId));
        Assert.Equal([4], Assert.IsType<Appended>(await store.Append(To("old"), Cancel)).Versions);
    }

    [Fact]
    public async Task A_writer_of_this_version_waits_out_the_migration_that_another_instance_runs()
    {
        await using var dataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
        await using var store = new PostgresEventStore(dataSource, Types());
        await store.Migrate(Cancel);
        var stopped = false;
        var writing = Task.Run(
            async () =>
            {
                var appended = 0;
                for (; !Volatile.Read(ref stopped); appended++)
                    Assert.IsType<Appended>(await store.Append(To(NewStream()), Cancel));
                return appended;
            },
            Cancel);
        for (var instance = 0; instance < 10; instance++)
        {
            // Older and newer functions replace each other while appends run through them.
            await Execute(
                dataSource, "update eventstore.migrations set checksum = 'another' where file not like '%/0%'");
            await using var other = new PostgresEventStore(dataSource, Types());
            await other.Migrate(Cancel);
        }
        Volatile.Write(ref stopped, true);
        Assert.Equal(await writing, (await store.ReadLog(0, cancellationToken: Cancel).All()).Count);
    }

    /// <summary>The ids that an append gives its events, in whatever version.</summary>
    private async Task<IReadOnlyList<Guid>> IdsOf(AppendRequest request)
    {
        await using var dataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
        await using var store = new PostgresEventStore(dataSource, Types());
        await store.Migrate(Cancel);
        await store.Append(request, Cancel);
        return [.. (await store.ReadLog(0, cancellationToken: Cancel).All()).Select(e => e.EventId)];
    }

    /// <summary>The schema of the first version, with a stream of three events, a key and a snapshot.</summary>
    private static async Task MakeFirstVersion(NpgsqlDataSource dataSource, IReadOnlyList<Guid> ids, Guid command)
    {
        const string File = "Schema/0001-event-log.sql";
        await Execute(dataSource, Resource("migrations.sql"));
        var first = Resource("0001-event-log.sql");
        await Execute(dataSource, first);
        var checksum = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(first)));
        await Execute(dataSource, $"insert into eventstore.migrations values ('{File}', '{checksum}')");
        await Execute(dataSource, "create function eventstore.append(ids uuid[]) returns void language sql as ''");
        await Execute(dataSource, "insert into eventstore.streams (stream, version) values ('old', 3)");
        await Execute(dataSource, "insert into eventstore.keys values ('k', 'old')");
        await Execute(
            dataSource,
            """insert into eventstore.snapshots values (1, 'basket', 1, 2, '{"items":100,"worth":-30.5}')""");
        await Execute(dataSource, $"insert into eventstore.appends (id) values ('{ids[0]}')");
        for (var version = 1; version <= ids.Count; version++)
        {
            await Execute(
                dataSource,
                $$"""
                insert into eventstore.events (
                    stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, data)
                values (1, {{version}}, now(), '{{ids[version - 1]}}', '{{command}}', 1, 'old', 'item-added', 'demo',
                    '{"item":"item-{{version}}","quantity":{{version}},"price":12.50}')
                """);
        }
    }

    private static string Resource(string file)
    {
        using var reader = new StreamReader(
            typeof(PostgresEventStore).Assembly.GetManifestResourceStream($"EventStore.Schema.{file}")!);
        return reader.ReadToEnd();
    }

    private static async Task Execute(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<T> Ask<T>(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
