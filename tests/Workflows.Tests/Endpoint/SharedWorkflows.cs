using Servers;

namespace Workflows.Tests.Endpoint;

/// <summary>One service with the default limits for the tests of a class; each is a tenant of its own.</summary>
public sealed class SharedWorkflows(TestServers servers) : IAsyncLifetime
{
    private RunningWorkflows? running;

    public RunningWorkflows Running =>
        running ?? throw new InvalidOperationException("The service has not been started.");

    public async ValueTask InitializeAsync() =>
        running = await RunningWorkflows.Start(servers, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (running is not null)
            await running.DisposeAsync();
    }
}
