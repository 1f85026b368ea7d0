using System.Collections.Concurrent;
using System.Diagnostics;
using Commerce.Contracts;
using EventStore;

namespace Queries.Bench;

/// <summary>
/// Orders are placed at a steady pace by appending to the log; each is asked for with its token at once. The time is
/// from the append's being committed to the answer that shows it: projection, notification and query.
/// </summary>
internal sealed class VisibleRuns(BenchSystem system, Settings settings, Table table)
{
    public async Task Run(CancellationToken cancellationToken)
    {
        await AtRate(50, TimeSpan.FromSeconds(2), cancellationToken);
        foreach (var rate in settings.Rates)
        {
            var times = (await AtRate(rate, settings.Duration, cancellationToken)).Order().ToArray();
            table.Latency(
                $"append to visible, order details, {rate} appends/s", times.Length / settings.Duration.TotalSeconds,
                times[times.Length / 2], times[(int)((times.Length - 1) * 0.99)]);
        }
    }

    private async Task<IReadOnlyCollection<double>> AtRate(
        int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        ConcurrentBag<double> times = [];
        List<Task> open = [];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < rate * duration.TotalSeconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / rate) - Stopwatch.GetElapsedTime(started);
            if (due >= TimeSpan.FromMilliseconds(1))
                await Task.Delay(due, cancellationToken);
            open.Add(Place(i));
        }

        await Task.WhenAll(open);
        return times;

        async Task Place(int i)
        {
            var order = Guid.CreateVersion7();
            var appended = (Appended)await system.Log.Append(
                new AppendRequest(
                    [new StreamAppend(
                        CommerceStreams.Order(Sample.Tenant, order), ExpectedVersion.NoStream,
                        [system.Sample.Placed(order, i)])],
                    new EventMetadata(Guid.CreateVersion7(), Sample.Tenant, DateTimeOffset.UtcNow)),
                cancellationToken);
            var committed = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/orders/{order}");
            request.Headers.Add("Consistency-Token", $"{appended.Position}");
            using var response = await system.Client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            times.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
        }
    }
}
