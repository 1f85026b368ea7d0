using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Messaging.Bench;

/// <summary>Events published through the session, one at a time by each of several publishers.</summary>
internal sealed class PublishRuns(Ground ground, FigureTable table, Arguments arguments)
{
    public async Task Measure()
    {
        using var host = await ground.Start("Bench.Publisher", 1, schema: null, new Progress());
        var session = host.Services.GetRequiredService<IMessageSession>();
        const string queue = "Bench.Subscriber";
        await ground.Connection.Declare(queue);
        await session.Publish(new OrderPlaced(Guid.Empty, "", "", 0, 0));
        await using (var channel = await ground.Connection.CreateChannelAsync())
        {
            await channel.ExchangeBindAsync(queue, "Messaging.Bench:OrderPlaced", "");
        }

        await Publish(session, 64, TimeSpan.FromSeconds(1));
        foreach (var publishers in arguments.Concurrencies)
        {
            var start = Spent.Now();
            var count = await Publish(session, publishers, arguments.Length);
            var end = Spent.Now();
            var rate = count / Stopwatch.GetElapsedTime(start.Timestamp, end.Timestamp).TotalSeconds;
            table.Add(new Figure(
                $"publish, {publishers} publishers", rate, table.Share(rate, RawLimits.Publish),
                end.Since(start, count)));
        }

        await host.StopAsync();
        await ground.Connection.Delete(queue);
    }

    private static async Task<long> Publish(IMessageSession session, int publishers, TimeSpan length)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, publishers).Select(n => Task.Run(async () =>
        {
            var clock = Stopwatch.StartNew();
            var count = 0L;
            while (clock.Elapsed < length)
            {
                var order = Work.Sample(n + (int)count);
                await session.Publish(new OrderPlaced(
                    order.OrderId, order.Customer, order.Sku, order.Quantity, order.Total));
                count++;
            }

            return count;
        })));
        return counts.Sum();
    }
}
