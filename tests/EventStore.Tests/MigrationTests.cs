using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Servers;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

public sealed class MigrationTests(TestServers servers)
{
    private const string Function = "file = 'Schema/append.sql'";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instances_that_start_at_once_migrate_once()
    {
        await using var dataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var store = new PostgresEventStore(dataSource, Types());
            await store.Migrate(Cancel);
            Assert.IsType<Appended>(await store.Append(To(NewStream()), Cancel));
        }));
        await using var store = new PostgresEventStore(dataSource, Types());
        Assert.Equal(6, (await store.ReadLog(0, cancellationToken: Cancel).All()).Count);
        await store.Migrate(Cancel);
    }

    [Fact]
    public async Task Databases_of_one_server_migrate_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var dataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
            await using var store = new PostgresEventStore(dataSource, Types());
            await store.Migrate(Cancel);
            Assert.Equal(0, await store.ReadHead(Cancel));
        }));
    }

    [Fact]
    public async Task A_numbered_migration_that_has_changed_is_refused()
    {
        await using var dataSource = await Migrated();
        await Execute(dataSource, "update eventstore.migrations set checksum = 'x' where file like '%0001%'");
        await using var store = new PostgresEventStore(dataSource, Types());
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => store.Migrate(Cancel));
        Assert.Contains("0001-event-log.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_function_is_replaced_unless_a_newer_program_was_here()
    {
        await using var dataSource = await Migrated();
        await using var store = new PostgresEventStore(dataSource, Types());
        await Execute(dataSource, $"update eventstore.migrations set checksum = 'older' where {Function}");
        await store.Migrate(Cancel);
        Assert.NotEqual("older", await Checksum());

        await Execute(dataSource, "insert into eventstore.migrations values ('Schema/9999-future.sql', 'x')");
        await Execute(dataSource, $"update eventstore.migrations set checksum = 'newer' where {Function}");
        await store.Migrate(Cancel);
        Assert.Equal("newer", await Checksum());

        async Task<string> Checksum()
        {
            await using var command = dataSource.CreateCommand(
                $"select checksum from eventstore.migrations where {Function}");
            return (string)(await command.ExecuteScalarAsync(Cancel))!;
        }
    }

    [Fact]
    public async Task A_reader_reads_and_follows_but_cannot_write_and_a_writer_cannot_change_the_past()
    {
        var connectionString = await servers.NewDatabase(Cancel);
        await using var owner = NpgsqlDataSource.Create(connectionString);
        await using (var store = new PostgresEventStore(owner, Types()))
        {
            await store.Migrate(Cancel);
            await store.Append(To("s"), Cancel);
        }

        await using var readers = As("eventstore_reader", connectionString);
        await using var reader = new PostgresEventStore(readers, Types());
        await reader.Migrate(Cancel);
        Assert.Single(await reader.ReadLog(0, cancellationToken: Cancel).All());
        Assert.Equal(1, (await reader.Load(["s"], Basket.Fold(), cancellationToken: Cancel))["s"].Version);
        Assert.Single((await FirstBatch(reader)).Events);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<AppendFailedException>(
            async () => await reader.Append(To("s"), Cancel))).SqlState);

        await using var writers = As("eventstore_writer", connectionString);
        await using var writer = new PostgresEventStore(writers, Types());
        Assert.IsType<Appended>(await writer.Append(To("s") with { Claims = [new KeyClaim("k", "s")] }, Cancel));
        Assert.IsType<KeyTaken>(await writer.Append(To("t") with { Claims = [new KeyClaim("k", "t")] }, Cancel));
        Assert.IsType<VersionConflict>(await writer.Append(To("s", ExpectedVersion.NoStream), Cancel));
        foreach (var sql in new[]
        {
            "delete from eventstore.events", "update eventstore.events set type = 'x'", "truncate eventstore.events",
            "delete from eventstore.tagged", "drop table eventstore.events", "update eventstore.subject_keys set key = ''",
            "delete from eventstore.partitions", "create table eventstore.mine ()",
        })
        {
            await Refused(writers, sql);
        }
        foreach (var table in new[] { "events", "tagged", "streams", "keys", "snapshots", "subject_keys", "partitions" })
        {
            await Refused(readers, $"insert into eventstore.{table} default values");
            await Refused(readers, $"delete from eventstore.{table}");
        }
        await Refused(readers, "select nextval('eventstore.positions')");

        static async Task Refused(NpgsqlDataSource role, string sql) => Assert.Equal(
            PostgresErrorCodes.InsufficientPrivilege,
            (await Assert.ThrowsAsync<PostgresException>(() => Execute(role, sql))).SqlState);
    }

    [Fact]
    public async Task Large_events_are_stored_compressed_and_come_back_as_they_were()
    {
        await using var dataSource = await Migrated();
        await using var store = new PostgresEventStore(dataSource, Types());
        var note = string.Concat(Enumerable.Range(0, 20_000).Select(n => $"line {n % 500}, gift wrapped; "));
        var stream = NewStream();
        var opened = new BasketOpened(Guid.CreateVersion7(), BasketChannel.Shop, Metadata().Time, note);
        await store.Append(
            new AppendRequest([new StreamAppend(stream, ExpectedVersion.NoStream, [opened])], Metadata()), Cancel);

        await using var stored = dataSource.CreateCommand(
            """
            select pg_column_compression(data), pg_column_size(data), octet_length(data::text),
                   (select 'lz4' = any (enumvals) from pg_settings where name = 'default_toast_compression')
            from eventstore.events
            """);
        await using var row = await stored.ExecuteReaderAsync(Cancel);
        Assert.True(await row.ReadAsync(Cancel));
        Assert.Equal(row.GetBoolean(3) ? "lz4" : "pglz", row.GetString(0));
        Assert.InRange(row.GetInt32(1), 1, row.GetInt32(2) / 4);
        var read = (await store.ReadStream(stream, cancellationToken: Cancel).All()).Single();
        Assert.Equal(opened, read.Data);
    }

    [Fact]
    public async Task One_line_registers_the_store_from_the_connection_string_and_migrates_before_services_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["ConnectionStrings:commerce"] = await servers.NewDatabase(Cancel) });
        builder.Services.AddHostedService<AppendsAtStart>();
        builder.Services.AddEventStore(Types());
        using var host = builder.Build();
        await host.StartAsync(Cancel);
        Assert.Equal(1, await host.Services.GetRequiredService<IEventStore>().ReadHead(Cancel));
        await host.StopAsync(Cancel);
    }

    [Fact]
    public void A_missing_connection_string_is_named()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddEventStore(Types());
        using var provider = services.BuildServiceProvider();
        var error = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IEventStore>());
        Assert.Contains("ConnectionStrings__commerce", error.Message, StringComparison.Ordinal);
    }

    private sealed class AppendsAtStart(IEventStore store) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken) =>
            await store.Append(To("s"), cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private async Task<NpgsqlDataSource> Migrated()
    {
        var dataSource = NpgsqlDataSource.Create(await servers.NewDatabase(Cancel));
        await using var store = new PostgresEventStore(dataSource, Types());
        await store.Migrate(Cancel);
        return dataSource;
    }

    private static NpgsqlDataSource As(string role, string connectionString) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { Options = $"-c role={role}" });

    private static async Task<EventBatch> FirstBatch(PostgresEventStore store)
    {
        await foreach (var batch in store.Subscribe(0, cancellationToken: Cancel))
            return batch;
        throw new InvalidOperationException("A subscription ended.");
    }

    private static async Task Execute(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
