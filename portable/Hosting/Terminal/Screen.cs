using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard;

namespace Portable.Hosting.Terminal;

/// <summary>
/// Shows on the console what happens when a user runs the application: what each resource writes, prefixed with its
/// name; a table when everything is up; one line when something can't start. Silent until it is opened.
/// </summary>
internal sealed class Screen(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    LogFiles files,
    IHostApplicationLifetime lifetime,
    IServiceProvider services)
{
    private readonly Lock gate = new();
    private readonly Stopwatch sinceStart = Stopwatch.StartNew();
    private readonly Palette palette = new();
    private Task<DashboardConnection?> dashboard = Task.FromResult<DashboardConnection?>(null);
    private bool isOpen;

    public void Open()
    {
        isOpen = true;
        logs.Written += (id, line, isError) => Print($"{palette.Prefix(id)}{(isError ? palette.Error(line) : line)}");
        lifetime.ApplicationStopping.Register(() => Say("stopping ..."));
        lifetime.ApplicationStopped.Register(() => Say("stopped"));
        Say($"starting as process {Environment.ProcessId}; Ctrl+C stops everything");
        _ = Follow();
    }

    /// <summary>The host's own word. Written to standard error while the screen is closed.</summary>
    public void Say(string line)
    {
        if (isOpen) Print($"{palette.Prefix("host")}{line}");
        else Console.Error.WriteLine(line);
    }

    public void Show(Task<DashboardConnection?> connection) => dashboard = connection;

    /// <summary>One line that says why the application cannot start.</summary>
    public void Fail(string reason)
    {
        lock (gate) Console.Error.WriteLine(palette.Error($"Can't start: {reason}"));
    }

    private void Print(string line)
    {
        lock (gate) Console.Out.WriteLine(line);
    }

    /// <summary>Follows the start until everything is up or something failed.</summary>
    private async Task Follow()
    {
        var awaited = model.Resources
            .Where(resource => !resource.HasAnnotationOfType<ExplicitStartupAnnotation>() && !resource.IsUnavailable())
            .Where(resource => resource is not ParameterResource)
            .SelectMany(ResourceInstances.Of)
            .ToHashSet(ResourceName.Comparer);
        try
        {
            await foreach (var update in notifications.WatchAsync(lifetime.ApplicationStopping))
            {
                var snapshot = update.Snapshot;
                if (snapshot.State?.Text == KnownResourceStates.FailedToStart && awaited.Contains(update.ResourceId))
                {
                    if (update.Resource is IResourceWithParent) continue;
                    Fail($"'{update.ResourceId}': {snapshot.Failure}");
                    ((Running.Orchestrator)services.GetService(typeof(Running.Orchestrator))!).StartFailed = true;
                    lifetime.StopApplication();
                    return;
                }
                if (snapshot.HealthStatus == HealthStatus.Healthy || snapshot.State?.Text == KnownResourceStates.Finished)
                    awaited.Remove(update.ResourceId);
                if (awaited.Count == 0) break;
            }
            await ShowTable();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped while it was starting: no table then.
        }
    }

    private async Task ShowTable()
    {
        await dashboard;
        var rows = model.Resources
            .Where(resource => resource is not ParameterResource)
            .SelectMany(ResourceInstances.Of)
            .Select(id => notifications.TryGetCurrentState(id, out var known) ? known : null)
            .OfType<ResourceEvent>();
        notifications.TryGetCurrentState(AspireDashboardResource.Known, out var shown);
        var table = StartupTable.Lines(rows, shown, files.Folder);
        lock (gate)
        {
            Console.Out.WriteLine();
            foreach (var line in table) Console.Out.WriteLine(line);
            Console.Out.WriteLine();
            Console.Out.WriteLine($"Everything is up after {sinceStart.Elapsed.TotalSeconds:0.0} s. Ctrl+C stops it.");
            Console.Out.WriteLine();
        }
    }
}
