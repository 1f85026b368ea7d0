using Acceptance;
using Servers;

[assembly: AssemblyFixture(typeof(WholeSystem))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Acceptance;

/// <summary>
/// The app host's own application, with all its servers, services and dashboard, on free ports and without kept data.
/// One for all tests of this assembly; they run one after another, because some of them stop a server.
/// </summary>
public sealed class WholeSystem : IAsyncLifetime
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CommandWithin = TimeSpan.FromMinutes(5);

    private DistributedApplication? app;

    public HttpClient Commands { get; private set; } = null!;

    public HttpClient Queries { get; private set; } = null!;

    private DistributedApplication App => app ?? throw new InvalidOperationException("The system is not started.");

    public async ValueTask InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(StartWithin);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--ephemeral", .. TestServers.ElasticsearchArguments],
            (options, _) => options.DisableDashboard = false,
            timeout.Token);
        app = await builder.BuildAsync(timeout.Token);
        await app.StartAsync(timeout.Token);
        foreach (var service in new[]
                 {
                     "workflows", "projections-postgres", "projections-redis", "projections-search",
                     "command-api", "query-api",
                 })
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(service, timeout.Token);
        }

        Commands = app.CreateHttpClient("command-api", "http");
        Queries = app.CreateHttpClient("query-api", "http");
    }

    public async ValueTask DisposeAsync()
    {
        Commands?.Dispose();
        Queries?.Dispose();
        if (app is not null)
            await app.DisposeAsync();
    }

    public async Task Stop(string resource, CancellationToken cancellationToken)
    {
        await Execute(resource, KnownResourceCommands.StopCommand, cancellationToken);
        await App.ResourceNotifications
            .WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, cancellationToken)
            .WaitAsync(CommandWithin, cancellationToken);
    }

    public async Task Start(string resource, CancellationToken cancellationToken)
    {
        await Execute(resource, KnownResourceCommands.StartCommand, cancellationToken);
        await App.ResourceNotifications
            .WaitForResourceHealthyAsync(resource, cancellationToken)
            .WaitAsync(CommandWithin, cancellationToken);
    }

    /// <summary>The page of the dashboard, once it answers.</summary>
    public async Task<Uri> Dashboard(CancellationToken cancellationToken)
    {
        var dashboard = await App.ResourceNotifications
            .WaitForResourceAsync(
                "aspire-dashboard",
                resource => resource.Snapshot.State?.Text is { } state
                    && (state == KnownResourceStates.Running || KnownResourceStates.TerminalStates.Contains(state)),
                cancellationToken)
            .WaitAsync(StartWithin, cancellationToken);
        Assert.Equal(KnownResourceStates.Running, dashboard.Snapshot.State?.Text);
        return new Uri(dashboard.Snapshot.Urls.First(url => url.Url.StartsWith("http", StringComparison.Ordinal)).Url);
    }

    private async Task Execute(string resource, string command, CancellationToken cancellationToken)
    {
        var result = await App.ResourceCommands
            .ExecuteCommandAsync(resource, command, cancellationToken)
            .WaitAsync(CommandWithin, cancellationToken);
        Assert.True(result.Success, $"{command} {resource}: {result.ErrorMessage}");
    }
}
