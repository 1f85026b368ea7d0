using System.Diagnostics;
using Commerce.EventLog;
using EventStore;
using Npgsql;
using Projections.Engine;
using Projections.Engine.Elasticsearch;
using Projections.Engine.Redis;
using Servers;
using StackExchange.Redis;

namespace Projections.Bench;

/// <summary>Private servers and a log on them.</summary>
internal sealed class Ground : IAsyncDisposable
{
    private const string ReachedSql =
        """
        SELECT EXISTS (
            SELECT FROM projections.checkpoints
            WHERE projection = $1 AND build = $2 AND state = 'live' AND position >= $3)
        """;

    private readonly TestServers servers;
    private readonly NpgsqlDataSource commerce;

    private Ground(
        TestServers servers, NpgsqlDataSource commerce, NpgsqlDataSource readModels, IConnectionMultiplexer redis)
    {
        this.servers = servers;
        this.commerce = commerce;
        ReadModels = readModels;
        Redis = redis;
        Log = new PostgresEventStore(commerce, CommerceEvents.Types());
    }

    public PostgresEventStore Log { get; }

    public NpgsqlDataSource ReadModels { get; }

    public IConnectionMultiplexer Redis { get; }

    /// <summary>Null where this machine has none, or nobody wants it.</summary>
    public TestServer? Elasticsearch { get; private set; }

    public Stores Stores =>
        new(Redis, Elasticsearch is null ? null : ElasticsearchConnection.Open(Elasticsearch.ConnectionString));

    public static async Task<Ground> Start(bool withElasticsearch)
    {
        var servers = new TestServers();
        var commerce = await Open(servers, ProjectionRegistration.ReadInBulk);
        var readModels = await Open(servers, ProjectionRegistration.WriteInBulk);
        var redis = RedisConnection.Open((await servers.Redis(CancellationToken.None)).ConnectionString);
        var ground = new Ground(servers, commerce, readModels, redis);
        if (withElasticsearch && TestServers.HasElasticsearch)
            ground.Elasticsearch = await servers.Elasticsearch(CancellationToken.None);
        await ground.Log.Migrate();
        return ground;
    }

    private static async Task<NpgsqlDataSource> Open(
        TestServers servers, Action<NpgsqlConnectionStringBuilder> configure)
    {
        var connection = new NpgsqlConnectionStringBuilder(await servers.NewDatabase(CancellationToken.None));
        configure(connection);
        return NpgsqlDataSource.Create(connection.ConnectionString);
    }

    public async Task<TValue> Scalar<TValue>(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 300;
        return (TValue)(await command.ExecuteScalarAsync())!;
    }

    /// <exception cref="TimeoutException">It does not come true in fifteen minutes.</exception>
    public static async Task Until(Func<Task<bool>> condition)
    {
        var limit = Stopwatch.StartNew();
        while (!await condition())
        {
            if (limit.Elapsed > TimeSpan.FromMinutes(15))
                throw new TimeoutException("A model did not get there in fifteen minutes.");
            await Task.Delay(20);
        }
    }

    /// <summary>
    /// Waits until a build is live and has come to a position. The question is a small one: it is asked fifty times a
    /// second, beside what is measured.
    /// </summary>
    public async Task Reach(IReadModel model, int build, long position)
    {
        await using var connection = await ReadModels.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(ReachedSql, connection)
        {
            Parameters = { new() { Value = model.Name }, new() { Value = build }, new() { Value = position } },
        };
        await command.PrepareAsync();
        await Until(async () => await command.ExecuteScalarAsync() is true);
    }

    /// <summary>How many events of the log a model takes.</summary>
    public Task<long> Taken(IReadModel model) => Scalar<long>(
        commerce,
        "SELECT count(*) FROM eventstore.events WHERE type IN ("
        + string.Join(", ", model.EventTypes.Select(type => $"'{type}'")) + ")");

    /// <summary>How long COPY takes for the events of a model, out of the log.</summary>
    public Task<TimeSpan> CopyOut(IReadModel model) => Limits.CopyOut(commerce, model.EventTypes);

    /// <summary>The same as a rebuild of order details, written by hand.</summary>
    public Task<TimeSpan> OrderDetailsByHand(IReadModel model, string table) =>
        ByHand.OrderDetails(commerce, ReadModels, model.EventTypes, table);

    /// <summary>As after months of running: no first visit of a page marks it, no autovacuum interferes.</summary>
    public Task Settle() => Scalar<int>(commerce, "ANALYZE eventstore.events; SELECT 1");

    /// <summary>What is measured next does not pay for writing out what was written before.</summary>
    public Task Rest() => Scalar<int>(ReadModels, "CHECKPOINT; SELECT 1");

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await commerce.DisposeAsync();
        await ReadModels.DisposeAsync();
        Redis.Dispose();
        await servers.DisposeAsync();
    }
}
