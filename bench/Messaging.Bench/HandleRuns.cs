using System.Diagnostics;
using System.Runtime;
using Microsoft.Extensions.Hosting;

namespace Messaging.Bench;

/// <summary>Endpoints that work off a full queue.</summary>
internal sealed class HandleRuns(Ground ground, FigureTable table, Arguments arguments)
{
    // Until every pooled connection has prepared its statements.
    private const int WarmUp = 8_000;
    private const int MostPerSecond = 3_000;

    /// <summary>Until the JIT, which works on another thread, has come to rest: that long at most.</summary>
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(20);

    /// <summary>Of the JIT in a second.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(20);

    public async Task Measure()
    {
        foreach (var concurrency in arguments.Concurrencies)
        {
            await Run(concurrency, $"handle{concurrency}", typeof(StoresOrders));
        }

        await Run(arguments.Concurrencies[^1], schema: null, typeof(CountsOrders));
    }

    private async Task Run(int concurrency, string? schema, Type handler)
    {
        var queue = $"Bench.{schema ?? "bare"}";
        var progress = new Progress();
        await ground.Connection.Declare(queue);
        var perSecond = schema is null ? 10 * MostPerSecond : MostPerSecond;
        var length = schema is null ? arguments.Length : LongestSettling + arguments.Length;
        await ground.Fill(queue, WarmUp + (int)(perSecond * length.TotalSeconds));
        using var watch = new HistogramWatch("nservicebus.messaging.processing_time");
        using var host = await ground.Start(queue, concurrency, schema, progress, handler);
        await progress.Reach(WarmUp, TimeSpan.FromMinutes(2));
        if (schema is not null)
            await Settle();
        await Watch(concurrency, schema, progress, watch);
        await host.StopAsync();
        await ground.Connection.Delete(queue);
    }

    private static async Task Settle()
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < LongestSettling;)
        {
            var before = JitInfo.GetCompilationTime();
            await Task.Delay(TimeSpan.FromSeconds(1));
            if (JitInfo.GetCompilationTime() - before < Settled)
                return;
        }
    }

    private async Task Watch(int concurrency, string? schema, Progress progress, HistogramWatch watch)
    {
        watch.Clear();
        var (start, before) = (Spent.Now(), progress.Handled);
        await Task.Delay(arguments.Length);
        var (end, handled) = (Spent.Now(), progress.Handled - before);
        var rate = handled / Stopwatch.GetElapsedTime(start.Timestamp, end.Timestamp).TotalSeconds;
        table.Add(new Figure(
            schema is null
                ? $"handle without persistence, {concurrency} at once"
                : $"handle, append, publish, {concurrency} at once",
            rate,
            table.Share(rate, RawLimits.Consume),
            end.Since(start, handled),
            watch.Read()));
    }
}
