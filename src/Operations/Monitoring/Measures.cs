namespace Operations.Monitoring;

/// <summary>What is shown of an endpoint.</summary>
internal enum Measure
{
    Throughput,
    Retries,
    QueueLength,
    ProcessingTime,
    CriticalTime,
}

/// <summary>
/// Points over a period and their average; times in milliseconds, the others per second or in messages.
/// </summary>
internal record MeasuredValues(double Average, double[] Points);

internal sealed record TimedValues(double Average, double[] Points, DateTime[] TimeAxisValues)
    : MeasuredValues(Average, Points);

/// <summary>Makes points of intervals, as ServiceControl's monitoring does.</summary>
internal static class Measures
{
    public static readonly IReadOnlyList<Measure> OfInstances =
        [Measure.ProcessingTime, Measure.CriticalTime, Measure.Retries, Measure.Throughput];

    public static MeasuredValues Of(Measure measure, Interval[] intervals, HistoryPeriod period) => measure switch
    {
        Measure.Throughput or Measure.Retries => new MeasuredValues(
            (double)intervals.Sum(one => one.Count) / intervals.Length / period.Seconds,
            [.. intervals.Select(one => (double)one.Count / period.Seconds)]),
        Measure.QueueLength => new MeasuredValues(
            Math.Round(Mean(intervals)), [.. intervals.Select(one => Math.Round(Mean(one)))]),
        _ => new MeasuredValues(Mean(intervals), [.. intervals.Select(one => Mean(one))]),
    };

    private static double Mean(params ReadOnlySpan<Interval> intervals)
    {
        var (total, count) = (0L, 0);
        foreach (var interval in intervals)
            (total, count) = (total + interval.Total, count + interval.Count);
        return (double)total / Math.Max(1, count);
    }
}
