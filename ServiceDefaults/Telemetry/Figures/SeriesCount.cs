namespace ServiceDefaults.Telemetry.Figures;

/// <summary>Counts one instrument with one set of tags; its methods may be called at the same time.</summary>
internal sealed class SeriesCount(string name, IReadOnlyDictionary<string, string> tags, double[]? bounds)
{
    private readonly long[]? buckets = bounds is null ? null : new long[bounds.Length + 1];
    private long sum;

    /// <summary>Adds to a counter.</summary>
    public void Add(long value) => Interlocked.Add(ref sum, value);

    /// <summary>Counts a measurement of a histogram.</summary>
    public void Record(double value)
    {
        var index = Array.BinarySearch(bounds!, value);
        Interlocked.Increment(ref buckets![index < 0 ? ~index : index]);
    }

    public FigureSeries Read()
    {
        if (buckets is null)
            return new FigureSeries(name, tags, Interlocked.Read(ref sum), null, null);
        var counts = new long[buckets.Length];
        for (var index = 0; index < counts.Length; index++)
            counts[index] = Interlocked.Read(ref buckets[index]);
        return new FigureSeries(name, tags, counts.Sum(), bounds, counts);
    }
}
