using System.Diagnostics;
using System.Globalization;

namespace EventStore.Bench;

/// <summary>Prints one line per measurement.</summary>
internal static class Figures
{
    public static double Rate(string what, long count, TimeSpan time)
    {
        var rate = count / time.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-52} {rate,12:N0}/s   ({count:N0} in {time.TotalSeconds:0.00} s)"));
        return rate;
    }

    public static void Latencies(string what, IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-52} p50 {At(0.50),7:0.00} ms   p99 {At(0.99),7:0.00} ms   max {sorted[^1],7:0.00} ms"));

        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
    }

    public static async Task<TimeSpan> Time(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }
}
