namespace Cli.Backup;

/// <summary>The queues of this system on the broker. Other queues are not touched.</summary>
internal sealed class BrokerQueues : ISurrounding
{
    /// <summary>Names, or beginnings of names: endpoints, delays, failed and processed messages, reports.</summary>
    private static readonly string[] Ours = ["Commerce.", "nsb.", "error", "audit", "Particular."];

    private readonly HttpServer server;
    private readonly string virtualHost;

    private BrokerQueues(HttpServer server, string virtualHost) => (this.server, this.virtualHost) = (server, virtualHost);

    public string Name => "rabbitmq";

    public static async Task<BrokerQueues> Open(string broker, string management, CancellationToken cancellationToken)
    {
        var address = HttpServer.Address("--rabbitmq", broker);
        var path = address.AbsolutePath.TrimStart('/');
        var server = new HttpServer(
            "RabbitMQ's management API", HttpServer.Address("--rabbitmq-management", management),
            address.UserInfo is { Length: > 0 } login ? login : null);
        var queues = new BrokerQueues(server, path.Length == 0 ? "%2F" : path);
        try
        {
            await queues.Find(cancellationToken);
            return queues;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public async Task<string> Empty(CancellationToken cancellationToken)
    {
        var queues = await Find(cancellationToken);
        foreach (var queue in queues)
            await server.Delete($"api/queues/{virtualHost}/{Uri.EscapeDataString(queue)}/contents", cancellationToken);
        return $"{queues.Count} queues purged";
    }

    public ValueTask DisposeAsync()
    {
        server.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<string>> Find(CancellationToken cancellationToken)
    {
        var queues = await server.Get($"api/queues/{virtualHost}?columns=name", cancellationToken);
        return
        [
            .. queues.EnumerateArray()
                .Select(queue => queue.GetProperty("name").GetString()!)
                .Where(queue => Ours.Any(name => queue.StartsWith(name, StringComparison.Ordinal))),
        ];
    }
}
