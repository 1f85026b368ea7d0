using Microsoft.Extensions.DependencyInjection;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Running;

namespace Portable.Hosting;

/// <summary>Start, stop, restart and (for fault tests) kill, for every resource that runs as a process.</summary>
internal static class LifecycleCommands
{
    public static void AddTo(IResource resource)
    {
        if (resource is not (ContainerResource or ProjectResource or ExecutableResource)) return;
        resource.Annotations.Add(Command(
            KnownResourceCommands.StartCommand, "Start", "Start this resource", "Play", true, CanStart,
            (orchestrator, context) => orchestrator.StartInstance(context.ResourceName, context.CancellationToken)));
        resource.Annotations.Add(Command(
            KnownResourceCommands.StopCommand, "Stop", "Stop this resource", "Stop", true, CanStop,
            (orchestrator, context) => orchestrator.StopInstance(context.ResourceName, context.CancellationToken)));
        resource.Annotations.Add(Command(
            KnownResourceCommands.RestartCommand, "Restart", "Stop this resource and start it again",
            "ArrowCounterclockwise", false, CanRestart,
            async (orchestrator, context) =>
            {
                await orchestrator.StopInstance(context.ResourceName, context.CancellationToken);
                await orchestrator.StartInstance(context.ResourceName, context.CancellationToken);
            }));
        resource.Annotations.Add(Command(
            KnownResourceCommands.KillCommand, "Kill", "End the processes as a crash would", "Delete", false,
            _ => ResourceCommandState.Hidden,
            (orchestrator, context) => orchestrator.KillInstance(context.ResourceName, context.CancellationToken)));
    }

    private static ResourceCommandAnnotation Command(
        string name,
        string displayName,
        string description,
        string icon,
        bool highlighted,
        Func<string?, ResourceCommandState> state,
        Func<Orchestrator, ExecuteCommandContext, Task> execute) => new(
            name,
            displayName,
            context => state(context.ResourceSnapshot.State?.Text),
            async context =>
            {
                await execute(context.ServiceProvider.GetRequiredService<Orchestrator>(), context);
                return CommandResults.Success();
            },
            description,
            parameter: null,
            confirmationMessage: null,
            icon,
            highlighted ? IconVariant.Filled : IconVariant.Regular,
            highlighted);

    private static ResourceCommandState CanStart(string? state) =>
        IsStopped(state) ? ResourceCommandState.Enabled
        : state is null || state == KnownResourceStates.Starting ? ResourceCommandState.Disabled
        : ResourceCommandState.Hidden;

    private static ResourceCommandState CanStop(string? state) =>
        state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled
        : state is null || IsStopped(state) ? ResourceCommandState.Hidden
        : ResourceCommandState.Enabled;

    private static ResourceCommandState CanRestart(string? state) =>
        state == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static bool IsStopped(string? state) =>
        state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);
}
