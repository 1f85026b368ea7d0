using MessageFaults;
using Servers;

namespace Chaos.Messaging;

/// <summary>Messages that come several times, in any order, to one worker or to two.</summary>
public sealed class DeliveryTests(TestServers servers, ITestOutputHelper output)
{
    private const int Messages = 10_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_message_that_comes_up_to_four_times_has_one_effect(int workers)
    {
        var token = TestContext.Current.CancellationToken;
        await using var run = await FaultRun.Start(servers, output, Messages, token);
        // Twins side by side, which meet in the handlers, and stragglers far behind.
        var near = Enumerable.Range(0, Messages).SelectMany(n => Enumerable.Repeat(n, 1 + (n % 3)));
        var far = Enumerable.Range(0, Messages).Where(n => n % 2 == 0).Reverse();

        var sending = run.Work.Send(near.Concat(far), token);
        await sending;
        await run.UntilHandled(workers, () => (Step.None, 1), token);

        await run.AssertAllRulesHold(token);
    }

    [Fact]
    public async Task Messages_in_any_order_early_and_late_have_each_their_effect()
    {
        var token = TestContext.Current.CancellationToken;
        await using var run = await FaultRun.Start(servers, output, Messages, token);
        var shuffled = Enumerable.Range(0, Messages).ToArray();
        Random.Shared.Shuffle(shuffled);

        var sending = run.Work.Send(
            shuffled, token, number => number % 4 == 0 ? TimeSpan.FromSeconds(1 + (number % 7)) : null);
        await run.UntilHandled(crew: 2, () => (Step.None, 1), token, killEvery: (3000, 8000));
        await sending;

        await run.AssertAllRulesHold(token);
    }
}
