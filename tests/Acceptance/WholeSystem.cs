using System.Globalization;
using System.Text;
using Acceptance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
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
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);

    /// <summary>Of the console of a resource that did not become healthy.</summary>
    private const int LinesShown = 30;

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
        try
        {
            foreach (var service in new[]
                     {
                         "workflows", "projections-postgres", "projections-redis", "projections-search",
                         "command-api", "query-api",
                     })
            {
                await app.ResourceNotifications.WaitForResourceHealthyAsync(service, timeout.Token);
            }
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"The whole system did not become healthy.{await Situation(app)}", failure);
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

    /// <summary>The state of every resource, and the last lines of those that are not healthy.</summary>
    private static async Task<string> Situation(DistributedApplication app)
    {
        var resources = new SortedDictionary<string, ResourceEvent>(StringComparer.Ordinal);
        using var enough = new CancellationTokenSource(LookAround);
        try
        {
            await foreach (var update in app.ResourceNotifications.WatchAsync(enough.Token))
                resources[update.ResourceId] = update;
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // A watch has no end of its own; every state is told at its beginning.
        }

        var loggers = app.Services.GetRequiredService<ResourceLoggerService>();
        var text = new StringBuilder();
        foreach (var (id, known) in resources)
        {
            var resource = known.Snapshot;
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{id}: {resource.State?.Text} {resource.HealthStatus}");
            if (resource.HealthStatus == HealthStatus.Healthy) continue;
            foreach (var report in resource.HealthReports)
                text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {report.Name}: {report.Status} {report.Description}");
            var lines = new List<LogLine>();
            await foreach (var batch in loggers.GetAllAsync(id)) lines.AddRange(batch);
            foreach (var line in lines.TakeLast(LinesShown)) text.AppendLine().Append("  | ").Append(line.Content);
        }
        return text.ToString();
    }

    private async Task Execute(string resource, string command, CancellationToken cancellationToken)
    {
        var result = await App.ResourceCommands
            .ExecuteCommandAsync(resource, command, cancellationToken)
            .WaitAsync(CommandWithin, cancellationToken);
        Assert.True(result.Success, $"{command} {resource}: {result.ErrorMessage}");
    }
}
