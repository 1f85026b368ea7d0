using Npgsql;
using Servers;

namespace EventStore.Bench;

/// <summary>A private PostgreSQL with an event store in it.</summary>
internal sealed class Ground : IAsyncDisposable
{
    private readonly TestServers servers;

    private Ground(TestServers servers, NpgsqlDataSource dataSource)
    {
        (this.servers, DataSource) = (servers, dataSource);
        Store = new PostgresEventStore(dataSource, Sample.Types);
        Untyped = new PostgresEventStore(dataSource, new EventTypes());
        Appending = new Appending(Store);
        Raw = new RawLog(dataSource);
    }

    public NpgsqlDataSource DataSource { get; }

    public PostgresEventStore Store { get; }

    /// <summary>Knows no type of event: it leaves their data as JSON.</summary>
    public PostgresEventStore Untyped { get; }

    public Appending Appending { get; }

    public RawLog Raw { get; }

    public static async Task<Ground> Create()
    {
        var servers = new TestServers();
        Console.Error.WriteLine("Starting PostgreSQL …");
        var database = await servers.NewDatabase(CancellationToken.None);
        var ground = new Ground(
            servers, NpgsqlDataSource.Create(database + ";Maximum Pool Size=100;No Reset On Close=true"));
        await ground.Store.Migrate();
        return ground;
    }

    /// <summary>Another store on the same server; null where it cannot be had.</summary>
    public async Task<MessageDb?> MessageDb() =>
        await EventStore.Bench.MessageDb.Install(await servers.NewDatabase(CancellationToken.None));

    /// <summary>Appends until the log has this many events at least.</summary>
    public async Task Fill(int events)
    {
        while (await Ask("select count(*) from eventstore.events") < events)
            await Appending.Work(64, 10, TimeSpan.FromSeconds(1));
        await Execute("vacuum analyze");
    }

    public async Task Execute(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> Ask(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Untyped.DisposeAsync();
        await DataSource.DisposeAsync();
        await servers.DisposeAsync();
    }
}
