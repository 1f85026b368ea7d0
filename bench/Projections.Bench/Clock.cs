using System.Diagnostics;

namespace Projections.Bench;

/// <summary>Measures time, and this process's processor time in it.</summary>
internal readonly record struct Clock(long Started, TimeSpan Before)
{
    public static Clock Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    public Lap Stop() => new(Stopwatch.GetElapsedTime(Started), Environment.CpuUsage.TotalTime - Before);
}

internal readonly record struct Lap(TimeSpan Elapsed, TimeSpan Processor)
{
    /// <summary>Two cells of the table: how many a second, and the processor time of each.</summary>
    public string Rate(long count) =>
        $"{count / Elapsed.TotalSeconds:N0} | {Processor.TotalMicroseconds / count:0.0} µs";
}
