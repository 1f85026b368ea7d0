using System.Diagnostics;

namespace Messaging.Bench;

/// <summary>What one message cost: CPU in microseconds of this process and of its servers, garbage in KB.</summary>
internal sealed record Cost(double Here, double Postgres, double Broker, double Garbage);

/// <summary>Reads what has been spent so far; the difference of two is what happened between.</summary>
internal readonly record struct Spent(long Timestamp, TimeSpan Here, Servers Servers, long Allocated)
{
    public static Spent Now() => new(
        Stopwatch.GetTimestamp(),
        Environment.CpuUsage.TotalTime,
        Servers.Now(),
        GC.GetTotalAllocatedBytes());

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Timestamp);

    public Cost Since(Spent start, long messages) => new(
        (Here - start.Here).TotalMicroseconds / messages,
        (Servers.Postgres - start.Servers.Postgres).TotalMicroseconds / messages,
        (Servers.Broker - start.Servers.Broker).TotalMicroseconds / messages,
        (Allocated - start.Allocated) / 1024.0 / messages);
}
