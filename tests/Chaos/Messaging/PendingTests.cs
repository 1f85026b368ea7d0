using MessageFaults;
using Servers;

namespace Chaos.Messaging;

/// <summary>Messages that are due tomorrow wait in the broker by the hundred thousand.</summary>
public sealed class PendingTests(TestServers servers, ITestOutputHelper output)
{
    private const int Pending = 100_000;
    private const double ShareOfACore = 0.01;

    [Fact]
    public async Task A_hundred_thousand_pending_messages_cost_their_endpoint_nothing_and_survive_a_restart()
    {
        var token = TestContext.Current.CancellationToken;
        await using var work = await Workload.Create(servers, Pending, token);
        await work.Send(Enumerable.Range(0, Pending), token, number => TimeSpan.FromDays(1) + TimeSpan.FromSeconds(number));
        await AllWait();

        await using (var worker = work.StartWorker())
        {
            await worker.Started(token);
            await Task.Delay(TimeSpan.FromSeconds(10), token); // What it does once at its start is not meant.
            var before = worker.ProcessorTime;
            await Task.Delay(TimeSpan.FromSeconds(60), token);
            var share = (worker.ProcessorTime - before).TotalSeconds / 60;
            output.WriteLine($"{share:P2} of a core with {Pending} messages pending.");
            Assert.True(share < ShareOfACore, $"An endpoint that waits uses {share:P2} of a core.");
            await worker.Stop();
        }

        await (await servers.RabbitMQ(token)).Restart(token);
        await AllWait();

        async Task AllWait()
        {
            // The broker counts a little behind what it confirms.
            var waiting = 0L;
            for (var tries = 0; tries < 60 && (waiting = await work.Delayed(token)) != Pending; tries++)
                await Task.Delay(TimeSpan.FromSeconds(1), token);
            Assert.Equal(Pending, waiting);
        }
    }
}
