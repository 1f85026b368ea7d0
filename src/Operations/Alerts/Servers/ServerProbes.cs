using Npgsql;
using Operations.Broker;

namespace Operations.Alerts.Servers;

/// <summary>The servers that Operations is told of by a connection string, each asked by a probe of its own.</summary>
internal sealed class ServerProbes : BackgroundService
{
    private readonly List<ServerProbe> probes = [];
    private readonly List<IAsyncDisposable> connections = [];
    private readonly TimeProvider clock;

    public ServerProbes(
        [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database, BrokerAddress broker,
        IConfiguration configuration, TimeProvider clock)
    {
        this.clock = clock;
        Add("postgresql", async cancellationToken =>
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
        });
        var rabbitMQ = new BrokerProbe(broker);
        Add("rabbitmq", rabbitMQ.Ask, rabbitMQ);
        if (configuration.GetConnectionString("redis") is { Length: > 0 } connectionString)
        {
            var redis = new RedisProbe(connectionString);
            Add("redis", redis.Ask, redis);
        }

        if (configuration.GetConnectionString("elasticsearch") is { Length: > 0 } address)
        {
            var elasticsearch = new ElasticsearchProbe(new Uri(address));
            Add("elasticsearch", elasticsearch.Ask, elasticsearch);
        }
    }

    public IReadOnlyList<ServerState> States => [.. probes.Select(probe => probe.State)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(probes.Select(probe => probe.Run(stoppingToken)));
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private void Add(string name, Func<CancellationToken, Task> ask, IAsyncDisposable? connection = null)
    {
        probes.Add(new ServerProbe(name, ask, clock));
        if (connection is not null)
            connections.Add(connection);
    }
}
