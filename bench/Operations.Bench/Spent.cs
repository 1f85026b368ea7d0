using System.Diagnostics;
using ServerTimes = Messaging.Bench.Servers;

namespace Operations.Bench;

/// <summary>What one message cost: CPU in microseconds of Operations and of its servers.</summary>
internal sealed record Cost(double Operations, double Postgres, double Broker);

/// <summary>Reads what has been spent so far; the difference of two is what happened between.</summary>
internal readonly record struct Spent(long Timestamp, TimeSpan Operations, ServerTimes Servers)
{
    public static Spent Now(OperationsProcess? operations = null) =>
        new(Stopwatch.GetTimestamp(), operations?.CpuTime ?? default, ServerTimes.Now());

    public double SecondsSince(Spent start) => Stopwatch.GetElapsedTime(start.Timestamp, Timestamp).TotalSeconds;

    public Cost CostSince(Spent start, long messages) => new(
        (Operations - start.Operations).TotalMicroseconds / messages,
        (Servers.Postgres - start.Servers.Postgres).TotalMicroseconds / messages,
        (Servers.Broker - start.Servers.Broker).TotalMicroseconds / messages);
}
