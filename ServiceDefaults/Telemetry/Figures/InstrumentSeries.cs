using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ServiceDefaults.Telemetry.Figures;

/// <summary>All series of one instrument: one for each set of values that its first two tags have had.</summary>
internal sealed class InstrumentSeries(Instrument instrument)
{
    /// <summary>
    /// Tags name kinds, not things; should they ever do so, memory stays bounded and the rest is one series.
    /// </summary>
    private const int MostSeries = 200;

    /// <summary>
    /// In milliseconds. The limits of alerts are among them, so a share above a limit is counted, not estimated.
    /// </summary>
    private static readonly double[] Milliseconds =
    [
        0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 5000, 10_000, 30_000,
    ];

    private static readonly double[] Seconds = [.. Milliseconds.Select(bound => bound / 1000)];

    private readonly ConcurrentDictionary<(string?, string?), SeriesCount> series = new();
    private readonly double[]? bounds =
        instrument is not Histogram<double> ? null : instrument.Unit == "s" ? Seconds : Milliseconds;

    public void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Of(tags).Add(value);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Of(tags).Record(value);

    public IEnumerable<FigureSeries> Read() => series.Values.Select(one => one.Read());

    private SeriesCount Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = (tags.Length > 0 ? tags[0].Value as string : null, tags.Length > 1 ? tags[1].Value as string : null);
        if (series.TryGetValue(key, out var known))
            return known;
        if (series.Count >= MostSeries)
            return series.GetOrAdd((null, null), _ => new SeriesCount(instrument.Name, Names([]), bounds));
        return series.GetOrAdd(key, new SeriesCount(instrument.Name, Names(tags), bounds));
    }

    private static Dictionary<string, string> Names(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var names = new Dictionary<string, string>();
        foreach (var (name, value) in tags[..Math.Min(2, tags.Length)])
        {
            if (value is string text)
                names[name] = text;
        }

        return names;
    }
}
