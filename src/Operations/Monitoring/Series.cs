namespace Operations.Monitoring;

/// <summary>The values of one interval.</summary>
internal readonly record struct Interval(long Total, int Count);

/// <summary>
/// Values over time, for each period in a ring of intervals. Twice as long as the period, so that late values do not
/// push out what is still shown.
/// </summary>
internal sealed class Series
{
    private const int Size = HistoryPeriod.Intervals * 2;

    private readonly Dictionary<HistoryPeriod, (long Epoch, Interval Values)[]> rings =
        HistoryPeriod.All.ToDictionary(period => period, _ => new (long, Interval)[Size]);

    public void Add(long ticks, long value)
    {
        foreach (var (period, ring) in rings)
        {
            var epoch = period.Epoch(ticks);
            ref var slot = ref ring[epoch % Size];
            if (slot.Epoch == epoch)
                slot.Values = new Interval(slot.Values.Total + value, slot.Values.Count + 1);
            else if (slot.Epoch < epoch)
                slot = (epoch, new Interval(value, 1));
        }
    }

    /// <summary>The intervals of a period, oldest first.</summary>
    public Interval[] Read(HistoryPeriod period, DateTime now)
    {
        var ring = rings[period];
        var first = period.Epoch(now.Ticks) - period.Delay - HistoryPeriod.Intervals + 1;
        var intervals = new Interval[HistoryPeriod.Intervals];
        for (var index = 0; index < intervals.Length; index++)
        {
            var (epoch, values) = ring[(first + index) % Size];
            intervals[index] = epoch == first + index ? values : default;
        }

        return intervals;
    }
}
