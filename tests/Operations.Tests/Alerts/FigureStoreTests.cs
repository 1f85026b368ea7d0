using Operations.Alerts.Figures;
using ServiceDefaults.Telemetry.Figures;

namespace Operations.Tests.Alerts;

/// <summary>Windows over what instances report.</summary>
public sealed class FigureStoreTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly ManualClock clock = new();
    private readonly FigureStore store;

    public FigureStoreTests() => store = new FigureStore(clock);

    [Fact]
    public void A_window_has_what_was_counted_within_it_and_nothing_from_before()
    {
        var service = new ReportedService().Decide(accepted: 1000).To(store);
        clock.Pass(seconds: 40);
        service.Decide(accepted: 10, rejected: 5).To(store);
        clock.Pass(seconds: 2);
        service.Decide(accepted: 5).To(store);

        var window = store.Over(Window);
        Assert.Equal(20, window.Count("command_decisions"));
        Assert.Equal(5, window.Count("command_decisions", ("outcome", "rejected")));
        Assert.Equal(20, window.Distribution("command_processing_time").Count);
    }

    [Fact]
    public void Instances_add_up_and_one_that_restarts_counts_from_nothing()
    {
        var first = new ReportedService().Decide(100).To(store);
        var second = new ReportedService().Decide(200).To(store);
        clock.Pass(seconds: 2);
        first.Decide(10).To(store);
        second.Decide(20).To(store);
        new ReportedService { Uptime = 1 }.Decide(3).To(store);

        Assert.Equal(33, store.Over(Window).Count("command_decisions"));
        Assert.Equal(3, store.Instances().Count);
    }

    [Fact]
    public void An_instance_that_is_heard_for_the_first_time_long_after_its_start_has_counted_nothing_yet()
    {
        new ReportedService { Uptime = 3600 }.Decide(1_000_000).To(store);
        Assert.Equal(0, store.Over(Window).Count("command_decisions"));
    }

    [Fact]
    public void An_instance_that_falls_silent_leaves_the_window_and_is_forgotten()
    {
        var service = new ReportedService().Decide(100).To(store);
        clock.Pass(seconds: 2);
        service.Decide(50).To(store);
        clock.Pass(seconds: 31);
        Assert.Equal(0, store.Over(Window).Count("command_decisions"));
        clock.Pass(seconds: 300);
        Assert.Empty(store.Instances());
    }

    [Fact]
    public void Memory_stays_bounded_and_the_longest_window_whole()
    {
        var service = new ReportedService().To(store);
        for (var second = 0; second < 1000; second += 2)
        {
            clock.Pass(seconds: 2);
            service.Decide(1).To(store);
        }

        Assert.InRange(store.Over(InstanceHistory.Longest).Count("command_decisions"), 150, 161);
    }

    [Theory]
    [InlineData("", "i")]
    [InlineData("s", "")]
    public void A_report_without_a_name_is_refused(string service, string instance) =>
        Assert.False(store.Take(new ServiceFigures(service, instance, 1, [])));

    [Fact]
    public void A_quantile_is_interpolated_and_a_share_above_a_bound_is_exact()
    {
        var times = new Distribution([10, 100], [90, 9, 1]);
        Assert.Equal(5, times.Quantile(0.45)!.Value, precision: 6);
        Assert.Equal(100, times.Quantile(0.99)!.Value, precision: 6);
        Assert.Equal(100, times.Quantile(1)); // beyond the last bound nothing more is known
        Assert.Equal(10, times.Above(10));
        Assert.Equal(1, times.Above(100));
        Assert.Null(Distribution.None.Quantile(0.5));
    }
}
