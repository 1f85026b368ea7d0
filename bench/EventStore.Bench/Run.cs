using Messaging.Bench;

namespace EventStore.Bench;

/// <summary>Something to be measured.</summary>
/// <param name="What">Its row in the table.</param>
/// <param name="Work">Works for about this long; how many were done.</param>
/// <param name="Limits">Rows of the table that it is compared with.</param>
internal sealed record Run(string What, Func<TimeSpan, Task<long>> Work, params string[] Limits)
{
    /// <summary>Filled while it works, where a run is about how long each takes.</summary>
    public Latencies? Latencies { get; init; }
}

/// <summary>
/// Runs that are compared with each other take turns, once each has warmed up.
/// </summary>
internal static class Rounds
{
    private const int MostWarmUps = 8;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static async Task Measure(FigureTable table, Arguments arguments, params IReadOnlyList<Run> runs)
    {
        foreach (var run in runs)
        {
            await Jit.Settle(() => run.Work(WarmUp), MostWarmUps);
            run.Latencies?.Clear();
        }
        var spent = new Cost[runs.Count];
        for (var round = 0; round < arguments.Rounds; round++)
        {
            for (var i = 0; i < runs.Count; i++)
                spent[i] += await Cost.Of(() => runs[i].Work(arguments.Length / arguments.Rounds));
        }
        foreach (var (i, run) in runs.Index())
            table.Add(new Figure(run.What, spent[i], run.Limits, run.Latencies));
    }
}
