using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Servers;

/// <summary>A running server that tests can also stop, start, restart and kill.</summary>
public sealed partial class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan StateLimit = TimeSpan.FromMinutes(3);

    private readonly DistributedApplication application;
    private readonly string name;

    internal TestServer(DistributedApplication application, string name, string connectionString)
    {
        this.application = application;
        this.name = name;
        ConnectionString = connectionString;
    }

    /// <summary>
    /// Stays the same across restarts. Npgsql's, StackExchange.Redis', <c>amqp://…</c> or <c>http://…</c>.
    /// </summary>
    public string ConnectionString { get; }

    /// <summary>Address of an endpoint, such as RabbitMQ's <c>management</c>.</summary>
    public Uri Endpoint(string endpointName) => application.GetEndpoint(name, endpointName);

    /// <summary>Stops the server in good order; its data stays.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        await Execute(KnownResourceCommands.StopCommand, limit.Token);
        await application.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates, limit.Token);
    }

    /// <summary>Starts the stopped server on the same port and data; returns when it is healthy.</summary>
    public async Task Start(CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        var since = DateTime.UtcNow;
        await Execute(KnownResourceCommands.StartCommand, limit.Token);
        await HealthyAgain(since, limit.Token);
    }

    /// <summary>Stops and starts the server; returns when it is healthy.</summary>
    public async Task Restart(CancellationToken cancellationToken)
    {
        await Stop(cancellationToken);
        await Start(cancellationToken);
    }

    /// <summary>Ends the server's processes with SIGKILL and starts it again; returns when it is healthy.</summary>
    public async Task Kill(CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        var since = DateTime.UtcNow;
        await KillProcesses(limit.Token);
        await HealthyAgain(since, limit.Token);
    }

    /// <summary>Stops the server for good.</summary>
    public ValueTask DisposeAsync() => application.DisposeAsync();

    private static CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StateLimit);
        return limit;
    }

    private async Task Execute(string command, CancellationToken cancellationToken)
    {
        var result = await application.ResourceCommands.ExecuteCommandAsync(name, command, cancellationToken);
        if (!result.Success)
            throw new InvalidOperationException($"Can't {command} the server '{name}': {result.ErrorMessage}");
    }

    private Task HealthyAgain(DateTime since, CancellationToken cancellationToken) =>
        application.ResourceNotifications.WaitForResourceAsync(
            name,
            update => update.Snapshot.HealthStatus == HealthStatus.Healthy
                && update.Snapshot.StartTimeStamp?.ToUniversalTime() >= since,
            cancellationToken);
}
