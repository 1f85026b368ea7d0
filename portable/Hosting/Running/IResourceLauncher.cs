using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Processes;
using Portable.Hosting.Servers;

namespace Portable.Hosting.Running;

/// <summary>Knows how to run one resource on this machine.</summary>
internal interface IResourceLauncher
{
    /// <summary>What must be installed; null for nothing.</summary>
    Requirement? Requirement { get; }

    /// <summary>Starts one instance. Returns when its process runs, healthy or not.</summary>
    /// <exception cref="DistributedApplicationException">
    /// It can't be started; the message names the way out.
    /// </exception>
    Task<IRunningProcess> Launch(Launch launch, CancellationToken cancellationToken);

    /// <summary>Called when the health checks pass for the first time after a start.</summary>
    Task Ready(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>One start of one instance.</summary>
/// <param name="Id">The instance.</param>
/// <param name="Replica">Its number, from 0.</param>
/// <param name="DataFolder">Its data folder.</param>
/// <param name="Environment">Its variables, resolved.</param>
/// <param name="Arguments">Its arguments, resolved.</param>
/// <param name="Write">Takes its output, and whether it is from standard error.</param>
internal sealed record Launch(
    string Id,
    int Replica,
    string DataFolder,
    IReadOnlyDictionary<string, string?> Environment,
    IReadOnlyList<string> Arguments,
    Action<string, bool> Write);

/// <summary>Attaches the launcher to its resource.</summary>
internal sealed class LauncherAnnotation(IResourceLauncher launcher) : IResourceAnnotation
{
    public IResourceLauncher Launcher { get; } = launcher;
}
