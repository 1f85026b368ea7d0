using Npgsql;
using Servers;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace EventStore.Tests;

/// <summary>A database of the test class's own, with a store in it.</summary>
public sealed class StoreDatabase(TestServers servers) : IAsyncLifetime
{
    private NpgsqlDataSource? dataSource;
    private PostgresEventStore? store;

    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource DataSource => dataSource!;

    public PostgresEventStore Store => store!;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await servers.NewDatabase(TestContext.Current.CancellationToken);
        dataSource = NpgsqlDataSource.Create(ConnectionString);
        store = new PostgresEventStore(dataSource, BasketEvents.Types());
        await store.Migrate(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (store is not null)
            await store.DisposeAsync();
        if (dataSource is not null)
            await dataSource.DisposeAsync();
    }

    public async Task Execute(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Everything that an append can leave behind, as one comparable text.</summary>
    public Task<string> Contents() => Ask<string>(
        """
        select (select count(*) from eventstore.events) || ' events, '
            || (select count(*) from eventstore.tagged) || ' tags, '
            || coalesce((select string_agg(key || '=' || owner, ',' order by key) from eventstore.keys), 'no')
            || ' keys, '
            || coalesce(
                (select string_agg(stream || ':' || version, ',' order by stream) from eventstore.streams), 'no')
            || ' streams'
        """);
}
