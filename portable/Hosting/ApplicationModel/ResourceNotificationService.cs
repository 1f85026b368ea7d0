using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Portable.Hosting.ApplicationModel;

/// <summary>Knows the current state of every resource instance and tells whoever watches.</summary>
public class ResourceNotificationService : IDisposable
{
    /// <summary>
    /// Updates a slow watcher may fall behind before it loses the oldest; a state that matters is followed by others.
    /// </summary>
    private const int WatcherCapacity = 8192;

    private readonly Lock gate = new();
    private readonly Dictionary<string, ResourceEvent> current = new(ResourceName.Comparer);
    private readonly List<Channel<ResourceEvent>> watchers = [];
    private readonly WaitBehavior defaultWaitBehavior;
    private bool disposed;

    internal ResourceNotificationService(IOptions<ResourceNotificationServiceOptions> options) =>
        defaultWaitBehavior = options.Value.DefaultWaitBehavior;

    /// <summary>Every state known now, then every update.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<ResourceEvent>(
            new BoundedChannelOptions(WatcherCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            foreach (var known in current.Values) channel.Writer.TryWrite(known);
            if (disposed) channel.Writer.TryComplete();
            else watchers.Add(channel);
        }
        try
        {
            await foreach (var update in channel.Reader.ReadAllAsync(cancellationToken)) yield return update;
        }
        finally
        {
            lock (gate) watchers.Remove(channel);
        }
    }

    /// <summary>Changes the state of a resource that runs as one instance.</summary>
    public Task PublishUpdateAsync(
        IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, resource.Name, stateFactory);

    /// <summary>Changes the state of one instance of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">
    /// The instance: the resource's name, or with replicas <c>name-1</c>, <c>name-2</c>, …
    /// </param>
    /// <param name="stateFactory">Makes the new state from the current one.</param>
    public Task PublishUpdateAsync(
        IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (gate)
        {
            var known = current.TryGetValue(resourceId, out var previous)
                ? previous.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name, Properties = [] };
            var update = new ResourceEvent(resource, resourceId, ResourceCommands.WithStates(resource, stateFactory(known)));
            current[resourceId] = update;
            foreach (var watcher in watchers) watcher.Writer.TryWrite(update);
        }
        return Task.CompletedTask;
    }

    /// <summary>The state of an instance, if any was published yet.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (gate) return current.TryGetValue(resourceId, out resourceEvent);
    }

    /// <summary>
    /// Waits until the resource is in the state; by default <see cref="KnownResourceStates.Running"/>.
    /// </summary>
    public Task WaitForResourceAsync(
        string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until the resource is in one of the states and returns it.</summary>
    public async Task<string> WaitForResourceAsync(
        string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet();
        var reached = await WaitForResourceAsync(
            resourceName, update => update.Snapshot.State?.Text is { } state && states.Contains(state), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits for an update that satisfies the predicate.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var update in WatchAsync(cancellationToken))
        {
            if (ResourceName.Comparer.Equals(update.Resource.Name, resourceName) && predicate(update)) return update;
        }
        throw new OperationCanceledException($"The application stopped before '{resourceName}' got there.");
    }

    /// <summary>Waits until the resource runs and its health checks pass.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, defaultWaitBehavior, cancellationToken);

    /// <summary>Waits until the resource runs and its health checks pass.</summary>
    /// <exception cref="DistributedApplicationException">
    /// It failed to start, and the behavior is <see cref="WaitBehavior.StopOnResourceUnavailable"/>.
    /// </exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(
            resourceName,
            update => update.Snapshot.HealthStatus == HealthStatus.Healthy
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable
                    && KnownResourceStates.TerminalStates.Contains(update.Snapshot.State?.Text)),
            cancellationToken);
        if (reached.Snapshot.HealthStatus != HealthStatus.Healthy)
            throw new DistributedApplicationException(
                $"'{resourceName}' is {reached.Snapshot.State?.Text}: {reached.Snapshot.Failure ?? "see its log"}");
        return reached;
    }

    /// <summary>Ends all watches.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (var watcher in watchers) watcher.Writer.TryComplete();
        }
        GC.SuppressFinalize(this);
    }
}

/// <summary>One update of one resource instance.</summary>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource { get; } = resource;

    /// <summary>The instance: the resource's name, or with replicas <c>name-1</c>, <c>name-2</c>, …</summary>
    public string ResourceId { get; } = resourceId;

    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>How waits behave.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>What to do when a resource waited for fails to start.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; }
}
