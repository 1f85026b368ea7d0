using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Telemetry.Figures;

namespace ServiceDefaults.Tests;

/// <summary>What a service reports of its meter.</summary>
public sealed class FigureCollectorTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter meter;
    private readonly FigureCollector figures;

    public FigureCollectorTests()
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        meter = meters.Create("AspireCqrs");
        figures = new FigureCollector(meters);
    }

    [Fact]
    public void A_counter_adds_up_by_tag()
    {
        var counter = meter.CreateCounter<long>("test_decisions");
        counter.Add(2, Tag("outcome", "accepted"));
        counter.Add(3, Tag("outcome", "accepted"));
        counter.Add(1, Tag("outcome", "rejected"));

        var series = Of("test_decisions");
        Assert.Equal([5L, 1L], series.OrderBy(one => one.Tags["outcome"]).Select(one => one.Count));
    }

    [Fact]
    public void A_histogram_counts_by_bucket_in_its_unit_and_has_the_limits_of_alerts_as_bounds()
    {
        meter.CreateHistogram<double>("test_time", "ms").Record(100);
        meter.CreateHistogram<double>("test_time_beyond", "ms").Record(1e9);
        meter.CreateHistogram<double>("test_lag", "s").Record(4.9);

        var time = Assert.Single(Of("test_time"));
        Assert.Contains(500, time.Bounds!);
        Assert.Equal(1, time.Buckets![time.Bounds!.ToList().IndexOf(100)]);
        Assert.Equal(1, Assert.Single(Of("test_time_beyond")).Buckets![^1]);
        var lag = Assert.Single(Of("test_lag"));
        Assert.Equal(1, lag.Buckets![lag.Bounds!.ToList().IndexOf(5)]);
    }

    [Fact]
    public void Nothing_is_lost_where_many_measure_at_once()
    {
        var counter = meter.CreateCounter<long>("test_busy");
        var histogram = meter.CreateHistogram<double>("test_busy_time", "ms");
        Parallel.For(0, 10_000, number =>
        {
            counter.Add(1, Tag("kind", number % 2 == 0 ? "even" : "odd"));
            histogram.Record(number % 700);
        });

        Assert.Equal([5_000L, 5_000L], Of("test_busy").Select(one => one.Count));
        Assert.Equal(10_000, Assert.Single(Of("test_busy_time")).Count);
    }

    [Fact]
    public void Tags_without_end_do_not_fill_the_memory_and_everything_is_counted()
    {
        var counter = meter.CreateCounter<long>("test_tags");
        for (var number = 0; number < 5_000; number++)
            counter.Add(1, Tag("number", $"{number}"));

        Assert.InRange(Of("test_tags").Count, 2, 201);
        Assert.Equal(5_000, Of("test_tags").Sum(one => one.Count));
    }

    [Fact]
    public void What_another_service_of_the_process_measures_is_not_taken()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("AspireCqrs").CreateCounter<long>("test_other").Add(1);
        Assert.Empty(Of("test_other"));
    }

    public void Dispose()
    {
        figures.Dispose();
        services.Dispose();
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private List<FigureSeries> Of(string name) => [.. figures.Read().Where(series => series.Name == name)];
}
