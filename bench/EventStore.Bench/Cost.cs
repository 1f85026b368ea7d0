using System.Diagnostics;
using ServerTime = Messaging.Bench.Servers;

namespace EventStore.Bench;

/// <summary>What a run has done and spent; the runs of several rounds add up.</summary>
/// <param name="Here">CPU time of this process.</param>
/// <param name="Postgres">CPU time of the server.</param>
/// <param name="Garbage">Bytes allocated here.</param>
internal readonly record struct Cost(long Count, TimeSpan Time, TimeSpan Here, TimeSpan Postgres, long Garbage)
{
    public double PerSecond => Count / Time.TotalSeconds;

    public static Cost operator +(Cost a, Cost b) => new(
        a.Count + b.Count, a.Time + b.Time, a.Here + b.Here, a.Postgres + b.Postgres, a.Garbage + b.Garbage);

    public static async Task<Cost> Of(Func<Task<long>> work)
    {
        var (server, here, garbage) =
            (ServerTime.Now().Postgres, Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var start = Stopwatch.GetTimestamp();
        var count = await work();
        var time = Stopwatch.GetElapsedTime(start);
        return new Cost(
            count,
            time,
            Environment.CpuUsage.TotalTime - here,
            ServerTime.Now().Postgres - server,
            GC.GetTotalAllocatedBytes() - garbage);
    }
}
