using Servers;

namespace Chaos.Operations;

/// <summary>All services, a process each, on servers whose data goes with this object.</summary>
internal sealed class WholeSystem : IAsyncDisposable
{
    private readonly TestServers servers = new();
    private readonly List<ServiceProcess> services = [];

    /// <summary>Where everything is, as the app host tells its services.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string Commerce => Environment["ConnectionStrings__commerce"];

    public Uri Commands { get; private set; } = null!;

    public Uri Queries { get; private set; } = null!;

    public Uri OperationsAddress { get; private set; } = null!;

    public ServiceProcess Operations { get; private set; } = null!;

    public TestServer Postgres { get; private set; } = null!;

    public TestServer RabbitMQ { get; private set; } = null!;

    public TestServer Redis { get; private set; } = null!;

    /// <summary>Null where this machine has none: search then runs on PostgreSQL.</summary>
    public TestServer? Elasticsearch { get; private set; }

    /// <summary>Empty servers.</summary>
    public static async Task<WholeSystem> StartServers(CancellationToken cancellationToken)
    {
        var system = new WholeSystem();
        var servers = system.servers;
        await Task.WhenAll(
            servers.Postgres(cancellationToken), servers.RabbitMQ(cancellationToken), servers.Redis(cancellationToken));
        system.Environment["ConnectionStrings__commerce"] = await servers.NewDatabase(cancellationToken);
        system.Environment["ConnectionStrings__readmodels"] = await servers.NewDatabase(cancellationToken);
        system.Postgres = await servers.Postgres(cancellationToken);
        system.RabbitMQ = await servers.RabbitMQ(cancellationToken);
        system.Environment["ConnectionStrings__rabbitmq"] = system.RabbitMQ.ConnectionString;
        system.Environment["services__rabbitmq__management__0"] = system.RabbitMQ.Endpoint("management").AbsoluteUri;
        system.Redis = await servers.Redis(cancellationToken);
        system.Environment["ConnectionStrings__redis"] = system.Redis.ConnectionString;
        if (TestServers.HasElasticsearch)
        {
            system.Elasticsearch = await servers.Elasticsearch(cancellationToken);
            system.Environment["ConnectionStrings__elasticsearch"] = system.Elasticsearch.ConnectionString;
        }

        return system;
    }

    public async Task StartServices(CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            .. Environment.Select(
                setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
            "--Fulfilment:Payment=00:00:15",
            "--Logging:LogLevel:Default=Error",
        ];
        Operations = Start("Operations", "--environment=Development"); // Where nobody signs on.
        OperationsAddress = new Uri($"http://127.0.0.1:{Operations.Port}");
        arguments = [.. arguments, $"--services:operations:http:0={OperationsAddress}"];
        var commands = Start("CommandApi");
        var queries = Start("QueryApi");
        Start("Workflows");
        Start("Projections", "--store=postgres");
        Start("Projections", "--store=redis");
        Start("Projections", "--store=search");
        foreach (var service in services)
            await service.WaitUntilUp(cancellationToken);
        Commands = new Uri($"http://127.0.0.1:{commands.Port}");
        Queries = new Uri($"http://127.0.0.1:{queries.Port}");

        ServiceProcess Start(string program, params string[] more)
        {
            var service = ServiceProcess.Start(program, [.. arguments, .. more]);
            services.Add(service);
            return service;
        }
    }

    /// <summary>SIGKILL for every service, and all data with the servers.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
            await service.DisposeAsync();
        await servers.DisposeAsync();
    }
}
