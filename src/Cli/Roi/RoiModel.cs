namespace Cli.Roi;

/// <summary>A month of one of both systems.</summary>
/// <param name="Cores">That have to be there, for the busiest hour.</param>
internal sealed record MonthlyCost(double Cores, double Gigabytes, double Compute, double Storage, double People)
{
    public double Total => Compute + Storage + People;
}

/// <summary>What becomes of the difference where one assumption is half or twice what it is.</summary>
/// <param name="Halved">What CQRS saves a month then; negative: what it costs.</param>
internal sealed record Sensitivity(string Assumption, double Value, double Halved, double Doubled)
{
    public double Swing => Math.Abs(Doubled - Halved);
}

/// <param name="SavedPerMonth">Negative: CQRS costs that much more.</param>
/// <param name="BreakEvenReads">Queries per second from which on it pays, all else equal; null: at no rate.</param>
/// <param name="PaybackMonths">Until the building is paid for; null: never.</param>
internal sealed record RoiResult(
    RoiAssumptions Assumptions,
    MonthlyCost Plain,
    MonthlyCost Cqrs,
    double SavedPerMonth,
    double? BreakEvenReads,
    double? PaybackMonths,
    IReadOnlyList<Sensitivity> Sensitivities);

/// <summary>
/// The costs of a load with CQRS and event sourcing, and with one database that serves both. Linear in everything: CPU
/// time per operation, no queueing; good for orders of magnitude and for what matters most, not for a budget.
/// </summary>
internal static class RoiModel
{
    private const double HoursPerMonth = 730;
    private const double SecondsPerMonth = HoursPerMonth * 3600;
    private const double MostReads = 10_000_000;

    /// <summary>The assumptions that are varied one by one.</summary>
    private static readonly (string Name, Func<RoiAssumptions, double> Value, Func<RoiAssumptions, double, RoiAssumptions> With)[]
        Varied =
    [
        ("readsPerSecond", a => a.ReadsPerSecond, (a, value) => a with { ReadsPerSecond = value }),
        ("writesPerSecond", a => a.WritesPerSecond, (a, value) => a with { WritesPerSecond = value }),
        ("peakFactor", a => a.PeakFactor, (a, value) => a with { PeakFactor = value }),
        ("modelsPerEvent", a => a.ModelsPerEvent, (a, value) => a with { ModelsPerEvent = value }),
        ("commandCpu", a => a.CommandCpu, (a, value) => a with { CommandCpu = value }),
        ("modelReadCpu", a => a.ModelReadCpu, (a, value) => a with { ModelReadCpu = value }),
        ("plainReadCpu", a => a.PlainReadCpu, (a, value) => a with { PlainReadCpu = value }),
        ("plainCacheHits", a => a.PlainCacheHits, (a, value) => a with { PlainCacheHits = Math.Min(1, value) }),
        ("cacheHits", a => a.CacheHits, (a, value) => a with { CacheHits = Math.Min(1, value) }),
        ("fixedCores", a => a.FixedCores, (a, value) => a with { FixedCores = value }),
        ("retentionMonths", a => a.RetentionMonths, (a, value) => a with { RetentionMonths = value }),
        ("dataGigabytes", a => a.DataGigabytes, (a, value) => a with { DataGigabytes = value }),
        ("models", a => a.Models, (a, value) => a with { Models = (int)Math.Round(value) }),
        ("pricePerCoreHour", a => a.PricePerCoreHour, (a, value) => a with { PricePerCoreHour = value }),
        ("pricePerEngineerHour", a => a.PricePerEngineerHour, (a, value) => a with { PricePerEngineerHour = value }),
        ("extraHoursPerMonth", a => a.ExtraHoursPerMonth, (a, value) => a with { ExtraHoursPerMonth = value }),
    ];

    public static RoiResult Compute(RoiAssumptions assumptions)
    {
        var saved = Saved(assumptions);
        var building = assumptions.ExtraHoursToBuild * assumptions.PricePerEngineerHour;
        return new RoiResult(
            assumptions,
            Plain(assumptions),
            Cqrs(assumptions),
            saved,
            BreakEven(assumptions),
            saved > 0 ? building / saved : null,
            [
                .. Varied
                    .Select(varied => new Sensitivity(
                        varied.Name,
                        varied.Value(assumptions),
                        Saved(varied.With(assumptions, varied.Value(assumptions) / 2)),
                        Saved(varied.With(assumptions, varied.Value(assumptions) * 2))))
                    .OrderByDescending(sensitivity => sensitivity.Swing),
            ]);
    }

    public static MonthlyCost Plain(RoiAssumptions a)
    {
        var perRead = (a.PlainCacheHits * a.CachedReadCpu) + ((1 - a.PlainCacheHits) * a.PlainReadCpu);
        var busy = (a.ReadsPerSecond * perRead) + (a.WritesPerSecond * a.PlainWriteCpu);
        return Cost(a, Math.Max(a.PlainFixedCores, Cores(a, busy)), a.DataGigabytes, a.HoursSavedPerMonth);
    }

    public static MonthlyCost Cqrs(RoiAssumptions a)
    {
        var perRead = (a.CacheHits * a.CachedReadCpu) + ((1 - a.CacheHits) * a.ModelReadCpu);
        var perWrite = a.CommandCpu + (a.EventsPerCommand * a.ModelsPerEvent * a.ProjectionCpu);
        var busy = (a.ReadsPerSecond * perRead) + (a.WritesPerSecond * perWrite);
        var log = a.WritesPerSecond * a.EventsPerCommand * a.EventBytes * SecondsPerMonth * a.RetentionMonths / 1e9;
        // Models can be made anew, so they need no backup, but for reads they are there twice.
        var models = a.Models * a.DataGigabytes / 2 * Math.Min(2, a.Copies) / Math.Max(1, a.Copies);
        return Cost(a, a.FixedCores + Cores(a, busy), log + models, a.ExtraHoursPerMonth);
    }

    private static double Saved(RoiAssumptions assumptions) => Plain(assumptions).Total - Cqrs(assumptions).Total;

    /// <param name="busy">CPU milliseconds per second, on average.</param>
    private static double Cores(RoiAssumptions a, double busy) => busy / 1000 * a.PeakFactor / a.Utilization;

    private static MonthlyCost Cost(RoiAssumptions a, double cores, double gigabytes, double hours) => new(
        cores,
        gigabytes * a.Copies,
        cores * HoursPerMonth * a.PricePerCoreHour,
        gigabytes * a.Copies * a.PricePerGigabyteMonth,
        hours * a.PricePerEngineerHour);

    /// <summary>
    /// The difference rises with the queries or falls, but for where the least number of cores is enough: halved.
    /// </summary>
    private static double? BreakEven(RoiAssumptions assumptions)
    {
        double At(double reads) => Saved(assumptions with { ReadsPerSecond = reads });
        if (At(0) >= 0)
            return 0;
        if (At(MostReads) < 0)
            return null;
        var (low, high) = (0.0, MostReads);
        while (high - low > 0.5)
        {
            var middle = (low + high) / 2;
            (low, high) = At(middle) < 0 ? (middle, high) : (low, middle);
        }
        return Math.Round(high);
    }
}
