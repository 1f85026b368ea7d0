using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Data;
using Portable.Hosting.Servers;
using Portable.Hosting.Terminal;

namespace Portable.Hosting.Running;

/// <summary>
/// Starts all resources, each as soon as what it waits for is there, and stops them in reverse order.
/// </summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    InstanceFactory services,
    EndpointAllocation endpoints,
    PortReservations ports,
    HostFolder folder,
    LogFiles logFiles,
    Screen screen,
    IServiceProvider provider) : IHostedService
{
    private readonly Dictionary<string, ResourceInstance> instances = new(ResourceName.Comparer);
    private readonly List<ReplicaPorts> replicaPorts = [];
    private readonly SemaphoreSlim stopOnce = new(1);
    private IDashboardLauncher? dashboardLauncher;
    private Task<DashboardConnection?> dashboard = Task.FromResult<DashboardConnection?>(null);
    private bool stopped;

    /// <summary>Whether something could not start while the application was starting.</summary>
    public bool StartFailed { get; set; }

    /// <exception cref="DistributedApplicationException">The application cannot start on this machine.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Dependencies.RefuseCycles(model.Resources);
            folder.Open();
            logFiles.Open(folder.Logs);
            await new Installer(screen.Say).Ensure(
                [.. model.Resources.Select(Launcher).Select(launcher => launcher?.Requirement).OfType<Requirement>()],
                cancellationToken);
            foreach (var resource in model.Resources) endpoints.Allocate(resource);
            foreach (var resource in model.Resources) endpoints.Verify(resource);
            foreach (var resource in model.Resources) await Announce(resource, cancellationToken);
            StartDashboard();
            foreach (var resource in model.Resources) Instantiate(resource);
            foreach (var instance in instances.Values)
            {
                if (!instance.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
                    await instance.Start(cancellationToken);
            }
        }
        catch (DistributedApplicationException)
        {
            StartFailed = true;
            throw;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopOnce.WaitAsync(cancellationToken);
        try
        {
            if (stopped) return;
            stopped = true;
            // Before the first instance there is nothing to stop, and the order may not even be free of cycles yet.
            var stops = new Dictionary<IResource, Task>();
            if (instances.Count > 0) await Task.WhenAll(model.Resources.Select(resource => Stop(resource, stops)));
            foreach (var forwarder in replicaPorts) await forwarder.DisposeAsync();
            if (dashboardLauncher is not null) await dashboardLauncher.DisposeAsync();
            logFiles.Dispose();
            ports.Dispose();
            folder.Dispose();
        }
        finally
        {
            stopOnce.Release();
        }
    }

    public Task StartInstance(string id, CancellationToken cancellationToken) => Of(id).Start(cancellationToken);

    public Task StopInstance(string id, CancellationToken cancellationToken) => Of(id).Stop(cancellationToken);

    public Task KillInstance(string id, CancellationToken cancellationToken)
    {
        Of(id).Kill();
        return Task.CompletedTask;
    }

    private static IResourceLauncher? Launcher(IResource resource) => resource.IsUnavailable()
        ? null
        : resource.Annotations.OfType<LauncherAnnotation>().LastOrDefault()?.Launcher;

    private ResourceInstance Of(string id) => instances.TryGetValue(id, out var instance)
        ? instance
        : throw new DistributedApplicationException($"'{id}' does not run as a process of its own.");

    private async Task Announce(IResource resource, CancellationToken cancellationToken)
    {
        var initial = await InitialSnapshots.Of(resource, services.Execution, cancellationToken);
        foreach (var id in ResourceInstances.Of(resource))
            await services.Notifications.PublishUpdateAsync(resource, id, _ => initial);
        if (resource.TryGetLastAnnotation<UnavailableAnnotation>(out var unavailable))
            screen.Say($"{resource.Name} left out: {unavailable.Reason}");
    }

    /// <summary>
    /// Servers start beside the dashboard; projects wait for it, so that their telemetry has somewhere to go.
    /// </summary>
    private void StartDashboard()
    {
        dashboardLauncher = provider.GetService<IDashboardLauncher>();
        if (dashboardLauncher is null) return;
        var stopping = provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        dashboard = dashboardLauncher.Start(stopping);
        screen.Show(dashboard);
    }

    private void Instantiate(IResource resource)
    {
        if (Launcher(resource) is not { } launcher) return;
        var replicas = new ReplicaPorts(resource, ports);
        replicaPorts.Add(replicas);
        foreach (var (replica, id) in ResourceInstances.Of(resource).Index())
        {
            instances.Add(id, new ResourceInstance(
                resource, id, replica, launcher,
                async cancellationToken => resource is ProjectResource
                    ? ProjectEnvironment.Of(
                        id, resource.Name, ProjectLauncher.Urls(resource, replicas.Of(replica)),
                        await dashboard.WaitAsync(cancellationToken))
                    : [],
                services));
        }
    }

    private Task Stop(IResource resource, Dictionary<IResource, Task> stops)
    {
        if (stops.TryGetValue(resource, out var known)) return known;
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stops[resource] = completion.Task;
        var dependents = model.Resources
            .Where(other => Dependencies.Of(other).Contains(resource))
            .Select(other => Stop(other, stops))
            .ToList();
        _ = StopAfter(resource, dependents, completion);
        return completion.Task;
    }

    private async Task StopAfter(IResource resource, List<Task> dependents, TaskCompletionSource completion)
    {
        try
        {
            await Task.WhenAll(dependents);
            await Task.WhenAll(instances.Values
                .Where(instance => instance.Resource == resource)
                .Select(instance => instance.Stop(CancellationToken.None)));
        }
        catch (Exception failure)
        {
            // Whatever goes wrong with one must not keep the others running.
            services.Logs.GetLogger(resource).LogError(failure, "can't be stopped in good order");
        }
        finally
        {
            completion.SetResult();
        }
    }
}
