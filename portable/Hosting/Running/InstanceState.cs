using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Running;

/// <summary>
/// Publishes what happens to one instance, and to what lives inside it, such as a server's databases.
/// </summary>
internal sealed class InstanceState(IResource resource, string id, InstanceFactory services)
{
    private const int LinesInFailures = 3;
    private const int LongestFailure = 500;
    private const string Crash = "Unhandled exception";

    private readonly ILogger logger = services.Logs.GetLogger(id);
    private readonly Queue<string> lastLines = Listen(services.Logs, id);

    /// <summary>Whether it has been healthy since it was last started by hand or by the host.</summary>
    public bool WasHealthy { get; private set; }

    /// <summary>Whether it has been healthy since its process started.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Whether another resource waits for its end.</summary>
    public bool IsAwaitedToEnd => Model.Any(other => other.Annotations.OfType<WaitAnnotation>()
        .Any(wait => wait.Resource == resource && wait.WaitType == WaitType.WaitForCompletion));

    /// <summary>The last lines it wrote, or what a .NET program said as it crashed.</summary>
    public string LastWords
    {
        get
        {
            lock (lastLines)
            {
                var words = lastLines.Count == 0 ? "it wrote nothing" : string.Join(" | ", lastLines);
                return words.Length <= LongestFailure ? words : $"{words[..LongestFailure]} ...";
            }
        }
    }

    private IEnumerable<IResource> Model => services.Model.Resources;

    private IEnumerable<IResource> Children =>
        Model.OfType<IResourceWithParent>().Where(child => child.Parent == resource);

    public void Settled() => WasHealthy = true;

    public Task Waiting() => Publish(KnownResourceStates.Waiting, KnownResourceStateStyles.Info);

    public Task Starting()
    {
        IsReady = false;
        lock (lastLines) lastLines.Clear();
        return Publish(KnownResourceStates.Starting, KnownResourceStateStyles.Info);
    }

    public async Task Running(
        int processId, IReadOnlyDictionary<string, string?> environment, IReadOnlyList<string> arguments)
    {
        await services.Notifications.PublishUpdateAsync(resource, id, snapshot => snapshot with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            HealthReports = HealthMonitor.Unknown(resource),
            StartTimeStamp = DateTime.UtcNow,
            StopTimeStamp = null,
            ExitCode = null,
            Failure = null,
            Properties = snapshot.Properties
                .SetProperty(KnownProperties.ExecutablePid, processId)
                .SetProperty(KnownProperties.ExecutableArgs, arguments.ToImmutableArray()),
            EnvironmentVariables =
            [
                .. environment.Where(variable => variable.Value is not null)
                    .OrderBy(variable => variable.Key, StringComparer.Ordinal)
                    .Select(variable => new EnvironmentVariableSnapshot(variable.Key, variable.Value, IsFromSpec: true)),
            ],
            Urls = [.. snapshot.Urls.Select(url => url with { IsInactive = false })],
        });
    }

    public async Task Health(ImmutableArray<HealthReportSnapshot> reports, bool healthy)
    {
        if (healthy) IsReady = true;
        if (healthy && reports.Length > 0) Settled();
        await services.Notifications.PublishUpdateAsync(
            resource, id, snapshot => snapshot.State?.Text == KnownResourceStates.Running
                ? snapshot with { HealthReports = reports }
                : snapshot);
        foreach (var child in Children)
        {
            await services.Notifications.PublishUpdateAsync(child, snapshot => IsReady
                ? snapshot with
                {
                    State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
                    HealthReports = reports,
                    StartTimeStamp = snapshot.StartTimeStamp ?? DateTime.UtcNow,
                }
                : snapshot);
        }
    }

    public Task Stopping() => Publish(KnownResourceStates.Stopping, KnownResourceStateStyles.Info);

    public Task Exited(int? exitCode)
    {
        WasHealthy = false;
        return Publish(KnownResourceStates.Exited, KnownResourceStateStyles.Info, exitCode);
    }

    public Task Finished(int exitCode) => Publish(
        exitCode == 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited,
        exitCode == 0 ? KnownResourceStateStyles.Success : KnownResourceStateStyles.Error,
        exitCode);

    public Task Crashed(int exitCode, TimeSpan pause)
    {
        logger.LogError(
            "ended unexpectedly with exit code {ExitCode}; it is started again in {Pause:0.#} s", exitCode, pause.TotalSeconds);
        return Publish(KnownResourceStates.RuntimeUnhealthy, KnownResourceStateStyles.Warn, exitCode);
    }

    public Task FailedToStart(string reason)
    {
        logger.LogError("failed to start: {Reason}", reason);
        return Publish(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error, exitCode: null, reason);
    }

    private async Task Publish(string state, string style, int? exitCode = null, string? failure = null)
    {
        var ended = KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.RuntimeUnhealthy;
        await services.Notifications.PublishUpdateAsync(resource, id, Change);
        foreach (var child in Children) await services.Notifications.PublishUpdateAsync(child, Change);

        CustomResourceSnapshot Change(CustomResourceSnapshot snapshot) => snapshot with
        {
            State = new ResourceStateSnapshot(state, style),
            ExitCode = exitCode,
            Failure = failure,
            StopTimeStamp = ended ? DateTime.UtcNow : snapshot.StopTimeStamp,
            Urls = [.. snapshot.Urls.Select(url => url with { IsInactive = true })],
        };
    }

    private static Queue<string> Listen(ResourceLoggerService logs, string id)
    {
        var lines = new Queue<string>();
        logs.Written += (name, line, _) =>
        {
            if (!ResourceName.Comparer.Equals(name, id) || string.IsNullOrWhiteSpace(line)) return;
            lock (lines)
            {
                // .NET ends a crash with the stack; what went wrong is on its first line.
                if (line.StartsWith(Crash, StringComparison.Ordinal)) lines.Clear();
                else if (lines.Count > 0 && lines.Peek().StartsWith(Crash, StringComparison.Ordinal)) return;
                if (lines.Count == LinesInFailures) lines.Dequeue();
                lines.Enqueue(line.Trim());
            }
        };
        return lines;
    }
}

internal static class SnapshotProperties
{
    /// <summary>Adds a property or replaces its value.</summary>
    public static ImmutableArray<ResourcePropertySnapshot> SetProperty(
        this ImmutableArray<ResourcePropertySnapshot> properties, string name, object? value, bool isSensitive = false) =>
        properties.RemoveAll(property => property.Name == name)
            .Add(new ResourcePropertySnapshot(name, value) { IsSensitive = isSensitive });
}
