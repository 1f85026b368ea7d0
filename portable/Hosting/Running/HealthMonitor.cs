using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Running;

/// <summary>Asks the health checks of a resource again and again and hands over what they say.</summary>
internal sealed class HealthMonitor(HealthCheckService checks)
{
    private static readonly TimeSpan WhileUnhealthy = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static ImmutableArray<HealthReportSnapshot> Unknown(IResource resource) =>
        [.. Keys(resource).Select(key => new HealthReportSnapshot(key, null, null, null))];

    /// <summary>
    /// The reports of a resource that is healthy but still has something to do before others may use it.
    /// </summary>
    public static ImmutableArray<HealthReportSnapshot> Unready(ImmutableArray<HealthReportSnapshot> reports) =>
        [.. reports.Select(report => report with { Status = HealthStatus.Unhealthy, Description = "not ready yet" })];

    /// <summary>
    /// Runs until cancelled. A resource without checks is healthy at once. <paramref name="report"/> takes what the
    /// checks say and returns whether the resource is fine, and so may be asked less often.
    /// </summary>
    public async Task Watch(
        IResource resource,
        Func<ImmutableArray<HealthReportSnapshot>, bool, Task<bool>> report,
        CancellationToken cancellationToken)
    {
        var keys = Keys(resource);
        if (keys.Count == 0) await report([], true);
        while (keys.Count > 0)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            HealthReport result;
            try
            {
                result = await checks.CheckHealthAsync(check => keys.Contains(check.Name), limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await report(Unknown(resource), false);
                continue;
            }
            var healthy = result.Status == HealthStatus.Healthy;
            var fine = await report(
                [
                    .. result.Entries.Select(entry => new HealthReportSnapshot(
                        entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.ToString())
                    {
                        LastRunAt = DateTime.UtcNow,
                    }),
                ],
                healthy);
            await Task.Delay(fine ? WhileHealthy : WhileUnhealthy, cancellationToken);
        }
    }

    private static HashSet<string> Keys(IResource resource) =>
        [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(annotation => annotation.Key)];
}
