using System.Diagnostics;
using MessageFaults;
using Servers;

namespace Chaos.Messaging;

/// <summary>One run: a workload, workers that are started again when they die, and the verdict.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private readonly List<WorkerProcess> crew = [];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly ITestOutputHelper output;

    private FaultRun(Workload work, ITestOutputHelper output) => (Work, this.output) = (work, output);

    public Workload Work { get; }

    /// <summary>How many workers have died.</summary>
    public int Deaths { get; private set; }

    public static async Task<FaultRun> Start(
        TestServers servers, ITestOutputHelper output, int messages, CancellationToken cancellationToken) =>
        new(await Workload.Create(servers, messages, cancellationToken), output);

    /// <summary>Keeps so many workers going until all messages are handled; then stops them in good order.</summary>
    /// <param name="fate">Where the next worker dies.</param>
    /// <param name="killEvery">
    /// Kills one of them at random after between so many milliseconds in which all work.
    /// </param>
    public async Task UntilHandled(
        int crew, Func<(Step At, int After)> fate, CancellationToken cancellationToken, (int, int)? killEvery = null)
    {
        var next = long.MaxValue;
        do
        {
            await Work.Handled(KeepGoing, cancellationToken);
            foreach (var worker in this.crew)
            {
                await worker.Stop();
                await worker.DisposeAsync();
            }

            this.crew.Clear();
        }
        while (!await Work.NothingWaits(cancellationToken)); // A worker that stops gives back what it had ahead.

        async Task KeepGoing()
        {
            var replaced = await Replace(crew, fate, cancellationToken);
            if (killEvery is not { } between)
                return;
            // Not counted while one starts: on a busy machine that takes longer than the time it would have left.
            if (replaced)
                next = clock.ElapsedMilliseconds + Random.Shared.Next(between.Item1, between.Item2);
            if (clock.ElapsedMilliseconds >= next)
                await this.crew[Random.Shared.Next(crew)].Kill();
        }
    }

    /// <summary>Fails with every rule that was broken and the messages that broke it.</summary>
    public async Task AssertAllRulesHold(CancellationToken cancellationToken)
    {
        var broken = await Work.BrokenRules(cancellationToken);
        output.WriteLine(
            $"{Work.Messages} messages in {clock.Elapsed.TotalSeconds:0} s; {Deaths} workers died.");
        Assert.True(broken.Count == 0, string.Join(Environment.NewLine, broken));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in crew)
            await worker.DisposeAsync();
        await Work.DisposeAsync();
    }

    /// <summary>Whether one was missing.</summary>
    private async Task<bool> Replace(int size, Func<(Step At, int After)> fate, CancellationToken cancellationToken)
    {
        foreach (var dead in crew.Where(worker => worker.HasExited).ToList())
        {
            Deaths++;
            crew.Remove(dead);
            await dead.DisposeAsync();
        }

        var replaced = crew.Count < size;
        while (crew.Count < size)
        {
            var (at, after) = fate();
            var worker = Work.StartWorker(at, after);
            crew.Add(worker);
            await worker.Started(cancellationToken);
        }

        return replaced;
    }
}
