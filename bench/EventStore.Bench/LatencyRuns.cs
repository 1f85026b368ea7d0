using System.Diagnostics;

namespace EventStore.Bench;

/// <summary>
/// How long an append takes where users cause it: they come at their pace, whoever else is still waiting.
/// </summary>
internal sealed class LatencyRuns(Ground ground, FigureTable table, Arguments arguments)
{
    private const int PerSecond = 200;

    public async Task Measure()
    {
        await ground.Raw.CreateTable();
        var (appends, rows) = (new Latencies(), new Latencies());
        await Rounds.Measure(
            table,
            arguments with { Length = 2 * arguments.Length },
            new Run($"raw transactions of one row at {PerSecond} a second", length => Pace(
                ground.Raw.InsertOne, rows, length)) { Latencies = rows },
            new Run($"appends at {PerSecond} a second", length => Pace(
                () => ground.Appending.One(), appends, length)) { Latencies = appends });
    }

    private static async Task<long> Pace(Func<Task> work, Latencies latencies, TimeSpan length)
    {
        var (running, start) = (new List<Task>(), Stopwatch.GetTimestamp());
        for (var due = TimeSpan.Zero; due < length; due += TimeSpan.FromSeconds(1.0 / PerSecond))
        {
            if (due - Stopwatch.GetElapsedTime(start) is { } early && early > TimeSpan.Zero)
                await Task.Delay(early);
            running.Add(One());
        }
        await Task.WhenAll(running);
        return running.Count;

        async Task One()
        {
            var begun = Stopwatch.GetTimestamp();
            await work();
            latencies.Add(begun);
        }
    }
}
