using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Messaging.Bench;

/// <summary>Endpoints that work off a full queue.</summary>
internal sealed class HandleRuns(Ground ground, FigureTable table, Arguments arguments)
{
    // Until every pooled connection has prepared its statements.
    private const int WarmUp = 8_000;
    private const int MostPerSecond = 3_000;

    /// <summary>In seconds.</summary>
    private const int LongestSettling = 20;

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
        var seconds = arguments.Length.TotalSeconds + (schema is null ? 0 : LongestSettling);
        await ground.Fill(queue, WarmUp + (int)(perSecond * seconds));
        using var watch = new HistogramWatch("nservicebus.messaging.processing_time");
        using var host = await ground.Start(queue, concurrency, schema, progress, handler);
        await progress.Reach(WarmUp, TimeSpan.FromMinutes(2));
        if (schema is not null)
            await Jit.Settle(() => Task.Delay(TimeSpan.FromSeconds(1)), LongestSettling);
        await Watch(concurrency, schema, progress, watch);
        await host.StopAsync();
        await ground.Connection.Delete(queue);
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
