using Chaos;
using Servers;

namespace Queries.Bench;

/// <summary>
/// The way of a command from end to end, each service a process of its own as in the running system: command API,
/// workflows, projections to PostgreSQL, query API.
/// </summary>
internal sealed class CommandSystem : IAsyncDisposable
{
    private readonly TestServers servers = new();
    private readonly List<ServiceProcess> services = [];

    private CommandSystem()
    {
    }

    public HttpClient Commands { get; private set; } = null!;

    public HttpClient Queries { get; private set; } = null!;

    public static async Task<CommandSystem> Start(CancellationToken cancellationToken)
    {
        var system = new CommandSystem();
        string[] arguments =
        [
            $"--ConnectionStrings:commerce={await system.servers.NewDatabase(cancellationToken)}",
            $"--ConnectionStrings:readmodels={await system.servers.NewDatabase(cancellationToken)}",
            $"--ConnectionStrings:rabbitmq={await system.servers.NewVirtualHost(cancellationToken)}",
            $"--ConnectionStrings:redis={(await system.servers.Redis(cancellationToken)).ConnectionString}",
            "--services:rabbitmq:management:0="
                + (await system.servers.RabbitMQ(cancellationToken)).Endpoint("management").AbsoluteUri,
            "--Logging:LogLevel:Default=Warning",
        ];
        foreach (var (program, more) in new (string, string[])[]
            { ("Workflows", []), ("Projections", ["--store=postgres"]), ("CommandApi", []), ("QueryApi", []) })
        {
            var service = ServiceProcess.Start(program, [.. arguments, .. more]);
            system.services.Add(service);
            await service.WaitUntilUp(cancellationToken);
        }

        system.Commands = Client(system.services[2]);
        system.Queries = Client(system.services[3]);
        return system;
    }

    public async ValueTask DisposeAsync()
    {
        Commands?.Dispose();
        Queries?.Dispose();
        foreach (var service in services)
            await service.DisposeAsync();
        await servers.DisposeAsync();
    }

    private static HttpClient Client(ServiceProcess service) => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{service.Port}"),
        Timeout = TimeSpan.FromSeconds(30),
    };
}
