using System.Net.Http.Headers;
using System.Text;
using Npgsql;
using Operations.Broker;
using StackExchange.Redis;

namespace Operations.Alerts.Servers;

/// <summary>The servers that Operations is told of by a connection string, each asked by a probe of its own.</summary>
internal sealed class ServerProbes : BackgroundService
{
    private readonly List<ServerProbe> probes = [];
    private readonly List<IAsyncDisposable> owned = [];
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
        var brokerProbe = new BrokerProbe(broker);
        owned.Add(brokerProbe);
        Add("rabbitmq", brokerProbe.Ask);
        if (configuration.GetConnectionString("redis") is { Length: > 0 } redis)
            AddRedis(redis);
        if (configuration.GetConnectionString("elasticsearch") is { Length: > 0 } elasticsearch)
            AddElasticsearch(new Uri(elasticsearch));
    }

    public IReadOnlyList<ServerState> States => [.. probes.Select(probe => probe.State)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(probes.Select(probe => probe.Run(stoppingToken)));
        foreach (var connection in owned)
            await connection.DisposeAsync();
    }

    private void AddRedis(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2000;
        var connection = new Lazy<Task<ConnectionMultiplexer>>(() => ConnectionMultiplexer.ConnectAsync(options));
        owned.Add(new Closing(async () =>
        {
            if (connection is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
                await (await connection.Value).CloseAsync(allowCommandsToComplete: false);
        }));
        Add("redis", async cancellationToken =>
        {
            var redis = await connection.Value.WaitAsync(cancellationToken);
            await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
        });
    }

    private void AddElasticsearch(Uri address)
    {
        var http = new HttpClient
        {
            BaseAddress = new Uri(address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + "/"),
        };
        if (address.UserInfo.Length > 0)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }

        owned.Add(new Closing(() =>
        {
            http.Dispose();
            return Task.CompletedTask;
        }));
        Add("elasticsearch", async cancellationToken =>
        {
            using var answer = await http.GetAsync("_cluster/health", cancellationToken);
            answer.EnsureSuccessStatusCode();
            var health = await answer.Content.ReadFromJsonAsync<Health>(cancellationToken);
            if (health?.Status == "red")
                throw new InvalidOperationException("The cluster is red: shards are away.");
        });
    }

    private void Add(string name, Func<CancellationToken, Task> ask) => probes.Add(new ServerProbe(name, ask, clock));

    private sealed record Health(string Status);

    private sealed class Closing(Func<Task> close) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await close();
    }
}
