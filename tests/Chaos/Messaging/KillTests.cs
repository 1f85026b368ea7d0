using MessageFaults;
using Servers;

namespace Chaos.Messaging;

/// <summary>Worker processes end with SIGKILL, at a step of the pipeline or at any moment.</summary>
public sealed class KillTests(TestServers servers, ITestOutputHelper output)
{
    private const int Messages = 10_000;

    [Theory]
    [InlineData(Step.Delivered, 2000)]
    [InlineData(Step.Handled, 2000)]
    [InlineData(Step.Committing, 2000)]
    [InlineData(Step.Committed, 2000)]
    [InlineData(Step.Dispatching, 2000)]
    [InlineData(Step.Dispatched, 200)]
    [InlineData(Step.Acknowledging, 2000)]
    public async Task A_worker_that_dies_at_this_step_loses_and_doubles_nothing(Step step, int hits)
    {
        var token = TestContext.Current.CancellationToken;
        await using var run = await FaultRun.Start(servers, output, Messages, token);

        var sending = run.Work.Send(token);
        await run.UntilHandled(crew: 1, () => (step, hits), token);
        await sending;

        await run.AssertAllRulesHold(token);
        Assert.True(run.Deaths > 2, $"Only {run.Deaths} workers died: the run proves little.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Workers_that_are_killed_at_any_moment_lose_and_double_nothing(int workers)
    {
        var token = TestContext.Current.CancellationToken;
        await using var run = await FaultRun.Start(servers, output, Messages, token);

        var sending = run.Work.Send(token);
        await run.UntilHandled(workers, () => (Step.None, 1), token, killEvery: (1000, 6000));
        await sending;

        await run.AssertAllRulesHold(token);
        Assert.True(run.Deaths > 2, $"Only {run.Deaths} workers died: the run proves little.");
    }
}
