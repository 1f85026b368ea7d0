using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventStore.Bench;

/// <summary>How long each of many took.</summary>
internal sealed class Latencies
{
    private readonly ConcurrentBag<double> milliseconds = [];

    /// <param name="start">A timestamp of <see cref="Stopwatch"/>.</param>
    public void Add(long start) => Add(start, Stopwatch.GetTimestamp());

    public void Add(long start, long end) =>
        milliseconds.Add(Math.Max(0, Stopwatch.GetElapsedTime(start, end).TotalMilliseconds));

    public void Clear() => milliseconds.Clear();

    public (double Median, double Worst) Read()
    {
        double[] sorted = [.. milliseconds.Order()];
        return (At(0.50), At(0.99));

        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
    }
}
