using QueryApi.Consistency;

namespace QueryApi.Tests.Consistency;

public sealed class FreshnessTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly Freshness freshness = new(capacity: 2);

    [Fact]
    public async Task Waiters_wake_in_order_of_position_and_only_when_reached()
    {
        var (near, far) = (Wait(10), Wait(20));

        freshness.Advance("orders", 15);

        Assert.Equal(WaitOutcome.Reached, await near);
        Assert.False(far.IsCompleted);
        freshness.Advance("orders", 20);
        Assert.Equal(WaitOutcome.Reached, await far);
    }

    [Fact]
    public async Task Another_projection_wakes_nobody()
    {
        var wait = Wait(10);

        freshness.Advance("stock", 99);
        Assert.False(wait.IsCompleted);

        freshness.Advance("orders", 10);
        Assert.Equal(WaitOutcome.Reached, await wait);
    }

    [Fact]
    public async Task A_notification_that_comes_late_takes_nothing_back()
    {
        freshness.Advance("orders", 20);
        freshness.Advance("orders", 10);

        Assert.Equal(WaitOutcome.Reached, await Wait(20));
    }

    [Fact]
    public async Task A_model_that_is_filled_anew_is_waited_for_again()
    {
        freshness.Advance("orders", 20);
        freshness.Update(new Checkpoint("orders", "orders_1", 3, null));

        Assert.Equal(WaitOutcome.TimedOut, await Wait(20, TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task Those_beyond_the_capacity_are_turned_away_until_others_have_gone()
    {
        using var leaving = new CancellationTokenSource();
        var (stays, leaves) = (Wait(10), Wait(10, Long, leaving));

        Assert.Equal(WaitOutcome.TooManyWaiting, await Wait(10));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.Equal(WaitOutcome.TimedOut, await Wait(10, TimeSpan.FromMilliseconds(1)));

        freshness.Advance("orders", 10);
        Assert.Equal(WaitOutcome.Reached, await stays);
    }

    private Task<WaitOutcome> Wait(long position, TimeSpan? timeout = null, CancellationTokenSource? leaving = null) =>
        freshness.WaitFor(
            "orders", position, timeout ?? Long, leaving?.Token ?? TestContext.Current.CancellationToken).AsTask();
}
