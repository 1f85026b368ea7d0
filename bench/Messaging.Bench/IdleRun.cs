using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Messaging.Bench;

/// <summary>What an endpoint costs that has nothing to do.</summary>
internal sealed class IdleRun(Ground ground, FigureTable table, Arguments arguments)
{
    public async Task Measure()
    {
        const string queue = "Bench.idle";
        using var host = await ground.Start(queue, 32, "idle", new Progress(), typeof(StoresOrders));
        await Task.Delay(TimeSpan.FromSeconds(3));
        var start = Spent.Now();
        await Task.Delay(2 * arguments.Length);
        var end = Spent.Now();
        var seconds = Stopwatch.GetElapsedTime(start.Timestamp, end.Timestamp).TotalSeconds;
        var share = (end.Here - start.Here).TotalSeconds / seconds;
        table.Add(new Figure(
            "idle endpoint", 0, string.Create(CultureInfo.InvariantCulture, $"{share:P2} of a core")));
        await host.StopAsync();
        await ground.Connection.Delete(queue);
    }
}
