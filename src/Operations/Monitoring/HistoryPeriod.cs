namespace Operations.Monitoring;

/// <summary>How far back, in sixty intervals; the periods are those that ServicePulse offers.</summary>
/// <param name="Minutes">Length of the whole.</param>
/// <param name="Delay">Newest intervals that are left out: reports for them may still be under way.</param>
internal sealed record HistoryPeriod(int Minutes, int Delay)
{
    public const int Intervals = 60;

    public static readonly IReadOnlyList<HistoryPeriod> All =
        [new(1, 2), new(5, 1), new(10, 1), new(15, 1), new(30, 1), new(60, 1)];

    public static readonly HistoryPeriod Longest = All[^1];

    /// <summary>Seconds of one interval.</summary>
    public int Seconds => Minutes;

    private long Ticks => Seconds * TimeSpan.TicksPerSecond;

    /// <summary>The period of so many minutes; five where that is none.</summary>
    public static HistoryPeriod Of(int? minutes) => All.FirstOrDefault(period => period.Minutes == minutes) ?? All[1];

    /// <summary>The number of the interval that a time is in.</summary>
    public long Epoch(long ticks) => ticks / Ticks;

    public DateTime Start(long epoch) => new(epoch * Ticks, DateTimeKind.Utc);
}
