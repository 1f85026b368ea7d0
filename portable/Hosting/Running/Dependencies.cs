using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Running;

/// <summary>What resources wait for, and in which order that lets them start and stop.</summary>
internal static class Dependencies
{
    /// <summary>Waits until everything that the resource waits for has got there.</summary>
    /// <exception cref="DistributedApplicationException">One failed, and nobody will start it.</exception>
    public static Task Wait(
        IResource resource,
        ResourceNotificationService notifications,
        WaitBehavior defaultBehavior,
        CancellationToken cancellationToken) => Task.WhenAll(Waits(resource).Select(
            wait => Wait(wait, notifications, wait.WaitBehavior ?? defaultBehavior, cancellationToken)));

    /// <summary>What must outlive the resource: what it waits for, and the servers it refers to.</summary>
    public static IEnumerable<IResource> Of(IResource resource) => Waits(resource)
        .Select(wait => wait.Resource)
        .Concat(resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Select(relation => relation.Resource)
            .Where(related => related is ContainerResource or IResourceWithParent))
        .Select(Owner)
        .Where(other => other != resource)
        .Distinct();

    /// <exception cref="DistributedApplicationException">Resources wait for each other.</exception>
    public static void RefuseCycles(IEnumerable<IResource> resources)
    {
        var done = new HashSet<IResource>();
        foreach (var resource in resources) Visit(resource, []);

        void Visit(IResource resource, List<IResource> path)
        {
            if (path.Contains(resource))
                throw new DistributedApplicationException(
                    $"Resources wait for each other: {string.Join(" -> ", path.Append(resource).Select(each => each.Name))}.");
            if (!done.Add(resource)) return;
            foreach (var other in Waits(resource).Select(wait => Owner(wait.Resource))) Visit(other, [.. path, resource]);
        }
    }

    public static IEnumerable<WaitAnnotation> Waits(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Where(wait => !Owner(wait.Resource).IsUnavailable());

    private static IResource Owner(IResource resource) => resource is IResourceWithParent child ? child.Parent : resource;

    private static async Task Wait(
        WaitAnnotation wait,
        ResourceNotificationService notifications,
        WaitBehavior behavior,
        CancellationToken cancellationToken)
    {
        var missing = ResourceInstances.Of(wait.Resource).ToHashSet(ResourceName.Comparer);
        await foreach (var update in notifications.WatchAsync(cancellationToken))
        {
            if (!missing.Contains(update.ResourceId)) continue;
            if (Satisfies(wait, update.Snapshot)) missing.Remove(update.ResourceId);
            else if (behavior == WaitBehavior.StopOnResourceUnavailable || IsWrongEnd(wait, update.Snapshot))
                RefuseTerminal(wait, update);
            if (missing.Count == 0) return;
        }
    }

    private static bool Satisfies(WaitAnnotation wait, CustomResourceSnapshot snapshot) => wait.WaitType switch
    {
        WaitType.WaitUntilHealthy => snapshot.HealthStatus == HealthStatus.Healthy,
        WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
        _ => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text) && snapshot.ExitCode == wait.ExitCode,
    };

    /// <summary>What was to be completed ended otherwise.</summary>
    private static bool IsWrongEnd(WaitAnnotation wait, CustomResourceSnapshot snapshot) =>
        wait.WaitType == WaitType.WaitForCompletion && snapshot.ExitCode is { } code && code != wait.ExitCode;

    private static void RefuseTerminal(WaitAnnotation wait, ResourceEvent update)
    {
        var snapshot = update.Snapshot;
        if (!KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text)) return;
        var reason = snapshot.Failure ?? (snapshot.ExitCode is { } code ? $"exit code {code}" : "it was stopped");
        throw new DistributedApplicationException(
            $"it waits for '{wait.Resource.Name}', which is {snapshot.State?.Text}: {reason}");
    }
}
