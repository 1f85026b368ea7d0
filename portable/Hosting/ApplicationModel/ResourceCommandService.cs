using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;

namespace Portable.Hosting.ApplicationModel;

/// <summary>Executes the commands of resources, such as start, stop and restart.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService notifications;
    private readonly IServiceProvider services;

    internal ResourceCommandService(ResourceNotificationService notifications, IServiceProvider services)
    {
        this.notifications = notifications;
        this.services = services;
    }

    /// <summary>Executes a command on all instances of a resource.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        foreach (var id in ResourceInstances.Of(resource))
        {
            var result = await Execute(resource, id, commandName, cancellationToken);
            if (!result.Success) return result;
        }
        return CommandResults.Success();
    }

    /// <summary>Executes a command on one instance, or on all instances of the resource of that name.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (notifications.TryGetCurrentState(resourceId, out var known))
            return await Execute(known.Resource, resourceId, commandName, cancellationToken);
        var resource = services.GetRequiredService<DistributedApplicationModel>().Resources
            .FirstOrDefault(candidate => ResourceName.Comparer.Equals(candidate.Name, resourceId));
        return resource is null
            ? CommandResults.Failure($"There is no resource '{resourceId}'.")
            : await ExecuteCommandAsync(resource, commandName, cancellationToken);
    }

    private async Task<ExecuteCommandResult> Execute(
        IResource resource, string id, string commandName, CancellationToken cancellationToken)
    {
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>()
            .LastOrDefault(annotation => annotation.Name == commandName);
        if (command is null)
            return CommandResults.Failure($"'{resource.Name}' has no command '{commandName}'.");
        try
        {
            return await command.ExecuteCommand(new ExecuteCommandContext
            {
                ServiceProvider = services,
                ResourceName = id,
                CancellationToken = cancellationToken,
            });
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
        catch (DistributedApplicationException failure)
        {
            return CommandResults.Failure(failure);
        }
    }
}

/// <summary>The commands as a snapshot shows them.</summary>
internal static class ResourceCommands
{
    public static CustomResourceSnapshot WithStates(IResource resource, CustomResourceSnapshot snapshot)
    {
        var context = new UpdateCommandStateContext
        {
            ResourceSnapshot = snapshot,
            ServiceProvider = NoServices.Instance,
        };
        ImmutableArray<ResourceCommandSnapshot> commands =
        [
            .. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => new ResourceCommandSnapshot(
                command.Name, command.UpdateState(context), command.DisplayName, command.DisplayDescription,
                command.Parameter, command.ConfirmationMessage, command.IconName, command.IconVariant,
                command.IsHighlighted)),
        ];
        return snapshot with { Commands = commands };
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}

/// <summary>The instances that a resource runs in.</summary>
internal static class ResourceInstances
{
    /// <summary>The resource's name, or with replicas <c>name-1</c>, <c>name-2</c>, …</summary>
    public static IReadOnlyList<string> Of(IResource resource) => resource.GetReplicaCount() is var count && count <= 1
        ? [resource.Name]
        : [.. Enumerable.Range(1, count).Select(number => $"{resource.Name}-{number}")];
}
