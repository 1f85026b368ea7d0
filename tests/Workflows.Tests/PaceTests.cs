namespace Workflows.Tests;

public sealed class PaceTests
{
    [Fact]
    public void It_is_time_at_first_and_again_when_the_interval_is_over()
    {
        var clock = new StoppedClock();
        var pace = new Pace(TimeSpan.FromMilliseconds(100), clock);

        Assert.True(pace.IsTime());
        Assert.False(pace.IsTime());
        clock.Milliseconds += 99;
        Assert.False(pace.IsTime());
        clock.Milliseconds += 1;
        Assert.True(pace.IsTime());
        Assert.False(pace.IsTime());
    }

    private sealed class StoppedClock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => Milliseconds;
    }
}
