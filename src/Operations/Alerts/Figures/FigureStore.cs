using ServiceDefaults.Telemetry.Figures;

namespace Operations.Alerts.Figures;

/// <summary>An instance that reports, for people.</summary>
internal sealed record ReportingInstance(string Service, string Instance, DateTimeOffset LastHeardAt);

/// <summary>
/// The last minutes of what services report, in memory: after a restart it fills again within a window.
/// </summary>
internal sealed class FigureStore(TimeProvider clock)
{
    private const int MostInstances = 500;
    private const int MostSeries = 4000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, InstanceHistory> instances = new(StringComparer.Ordinal);

    /// <returns>Whether the report is one; if not, nothing was kept.</returns>
    public bool Take(ServiceFigures figures)
    {
        if (figures is not { Service.Length: > 0 and < 200, Instance.Length: > 0 and < 400, Series.Count: <= MostSeries }
            || figures.Series.Any(series => series is not { Name: not null, Tags: not null, Count: >= 0 }))
            return false;
        var now = clock.GetUtcNow();
        lock (gate)
        {
            Forget(now);
            if (!instances.TryGetValue(figures.Instance, out var history))
            {
                if (instances.Count >= MostInstances)
                    return false;
                instances[figures.Instance] = history = new InstanceHistory(figures.Service, figures.Instance);
            }

            history.Add(figures, now);
            return true;
        }
    }

    public FigureWindow Over(TimeSpan window)
    {
        var from = clock.GetUtcNow() - window;
        lock (gate)
            return new FigureWindow([.. instances.Values.SelectMany(instance => instance.Since(from))]);
    }

    public IReadOnlyList<ReportingInstance> Instances()
    {
        lock (gate)
        {
            Forget(clock.GetUtcNow());
            return
            [
                .. instances.Values
                    .Select(one => new ReportingInstance(one.Service, one.Instance, one.LastHeardAt))
                    .OrderBy(one => one.Service, StringComparer.Ordinal)
                    .ThenBy(one => one.Instance, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>An instance that fell silent is gone from every window after the longest.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var gone in instances.Values.Where(one => now - one.LastHeardAt > InstanceHistory.Longest).ToList())
            instances.Remove(gone.Instance);
    }
}
