using System.Diagnostics.Metrics;

namespace QueryApi.Caching;

/// <summary>The share of hits over the last minute, in steps of five seconds.</summary>
internal sealed class HitRate
{
    private const int Steps = 12;
    private const long StepMs = 5_000;
    private readonly Lock turning = new();
    private readonly long[] hits = new long[Steps];
    private readonly long[] misses = new long[Steps];
    private long current = Environment.TickCount64 / StepMs;

    public void Count(bool hit)
    {
        var step = Turn();
        Interlocked.Increment(ref (hit ? hits : misses)[step % Steps]);
    }

    /// <summary>No measurement while nothing was asked.</summary>
    public IEnumerable<Measurement<double>> OfLastMinute()
    {
        Turn();
        var (hit, all) = (hits.Sum(), hits.Sum() + misses.Sum());
        return all == 0 ? [] : [new Measurement<double>((double)hit / all)];
    }

    /// <summary>Empties the steps that a minute has passed since.</summary>
    private long Turn()
    {
        var now = Environment.TickCount64 / StepMs;
        if (now == Volatile.Read(ref current))
            return now;
        lock (turning)
        {
            for (var step = Math.Max(current + 1, now - Steps + 1); step <= now; step++)
                hits[step % Steps] = misses[step % Steps] = 0;
            Volatile.Write(ref current, Math.Max(current, now));
        }

        return now;
    }
}
