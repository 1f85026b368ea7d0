using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Messaging.Bench;

/// <summary>Time from send to handled and dispatched, under a load that leaves the machine room.</summary>
internal sealed class LatencyRun(Ground ground, FigureTable table, Arguments arguments)
{
    private const int PerSecond = 200;

    public async Task Measure()
    {
        const string queue = "Bench.latency";
        using var watch = new HistogramWatch("nservicebus.messaging.critical_time");
        using var host = await ground.Start(queue, 8, "latency", new Progress(), typeof(StoresOrders));
        var session = host.Services.GetRequiredService<IMessageSession>();
        await Send(session, TimeSpan.FromSeconds(2));
        watch.Clear();
        var start = Spent.Now();
        var sent = await Send(session, arguments.Length);
        table.Add(new Figure(
            $"send to handled at {PerSecond} a second", sent / arguments.Length.TotalSeconds,
            Cost: Spent.Now().Since(start, sent), Latencies: watch.Read()));
        await host.StopAsync();
        await ground.Connection.Delete(queue);
    }

    private static async Task<int> Send(IMessageSession session, TimeSpan length)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        var sending = new List<Task>();
        while (sending.Count < PerSecond * length.TotalSeconds)
        {
            await timer.WaitForNextTickAsync();
            var options = new SendOptions();
            options.RouteToThisEndpoint();
            sending.Add(session.Send(Work.Sample(sending.Count), options));
        }

        await Task.WhenAll(sending);
        return sending.Count;
    }
}
