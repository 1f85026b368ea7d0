using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Messaging.Bench;

/// <summary>Sagas that walk through their steps.</summary>
internal sealed class SagaRuns(Ground ground, FigureTable table, Arguments arguments)
{
    private const int WarmUp = 500;
    private const int MostPerSecond = 2_000;

    public async Task Measure()
    {
        foreach (var concurrency in arguments.Concurrencies.TakeLast(2))
        {
            var queue = $"Bench.saga{concurrency}";
            var progress = new Progress();
            await ground.Connection.Declare(queue);
            await ground.Fill(queue, WarmUp + (int)(MostPerSecond * arguments.Length.TotalSeconds));
            using var host = await ground.Start(queue, concurrency, $"saga{concurrency}", progress, typeof(OrderSaga));
            await progress.Reach(WarmUp, TimeSpan.FromMinutes(1));
            var (start, before) = (Spent.Now(), progress.Handled);
            await Task.Delay(arguments.Length);
            var (end, steps) = (Spent.Now(), progress.Handled - before);
            var rate = steps / Stopwatch.GetElapsedTime(start.Timestamp, end.Timestamp).TotalSeconds;
            table.Add(new Figure(
                $"saga steps, {concurrency} at once", rate, table.Share(rate, RawLimits.Consume),
                end.Since(start, steps)));
            await host.StopAsync();
            await ground.Connection.Delete(queue);
        }
    }
}
