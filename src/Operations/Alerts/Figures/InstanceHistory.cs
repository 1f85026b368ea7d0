using ServiceDefaults.Telemetry.Figures;

namespace Operations.Alerts.Figures;

/// <summary>The reports of one instance, as far back as any rule looks. Not for concurrent use.</summary>
internal sealed class InstanceHistory(string service, string instance)
{
    /// <summary>How far back a window may reach.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Reports older than this are thinned out to one in <see cref="Sparse"/>.</summary>
    private static readonly TimeSpan Dense = TimeSpan.FromSeconds(70);
    private static readonly TimeSpan Sparse = TimeSpan.FromSeconds(20);

    /// <summary>
    /// What an instance counted in its first seconds happened just now, also if it was not heard before.
    /// </summary>
    private const double Newborn = 10;

    private readonly List<Snapshot> snapshots = [];

    public string Service { get; } = service;

    public string Instance { get; } = instance;

    public DateTimeOffset LastHeardAt { get; private set; }

    public void Add(ServiceFigures figures, DateTimeOffset now)
    {
        LastHeardAt = now;
        var series = new Dictionary<string, FigureSeries>(figures.Series.Count, StringComparer.Ordinal);
        foreach (var one in figures.Series)
            series.TryAdd(Key(one), one);
        snapshots.Add(new Snapshot(now, figures.Uptime, series));
        for (var index = snapshots.Count - 2; index > 0; index--)
        {
            var (older, it) = (snapshots[index - 1], snapshots[index]);
            if (now - it.At > Dense && it.At - older.At < Sparse)
                snapshots.RemoveAt(index);
        }

        // The one before the longest window is where it begins.
        while (snapshots.Count > 1 && now - snapshots[1].At > Longest)
            snapshots.RemoveAt(0);
    }

    /// <summary>What was counted since then; nothing where it has been silent since.</summary>
    public IEnumerable<SeriesIncrement> Since(DateTimeOffset from)
    {
        if (snapshots.Count == 0 || snapshots[^1].At < from)
            return [];
        var last = snapshots[^1];
        var before = snapshots.FindLast(snapshot => snapshot.At <= from) ?? snapshots[0];
        var isBirth = before.At > from && before.Uptime <= Newborn;
        var seconds = (last.At - before.At).TotalSeconds + (isBirth ? before.Uptime : 0);
        return last.Series.Select(
            series => Increment(series.Value, isBirth ? null : before.Series.GetValueOrDefault(series.Key), seconds));
    }

    private static SeriesIncrement Increment(FigureSeries now, FigureSeries? earlier, double seconds)
    {
        return new SeriesIncrement(
            now.Name,
            now.Tags,
            Math.Max(0, now.Count - (earlier?.Count ?? 0)),
            seconds,
            now is { Bounds: { } bounds, Buckets: { } buckets } && buckets.Count == bounds.Count + 1
                ? new Distribution(bounds, [.. buckets.Select((count, index) => Math.Max(0, count - Earlier(index)))])
                : null);

        long Earlier(int index) => earlier?.Buckets?.ElementAtOrDefault(index) ?? 0;
    }

    private static string Key(FigureSeries series) => series.Tags.Count == 0
        ? series.Name
        : $"{series.Name}|{string.Join('|', series.Tags.OrderBy(tag => tag.Key).Select(tag => $"{tag.Key}={tag.Value}"))}";

    private sealed record Snapshot(DateTimeOffset At, double Uptime, Dictionary<string, FigureSeries> Series);
}
