using Operations.Alerts.Figures;
using ServiceDefaults.Telemetry.Figures;

namespace Operations.Tests.Alerts;

/// <summary>A service that reports what the test says it has counted.</summary>
internal sealed class ReportedService(string service = "workflows")
{
    private static readonly double[] Bounds = [10, 50, 100, 500, 1000];

    private readonly Dictionary<(string, string, string), FigureSeries> series = [];

    public string Instance { get; init; } = $"{service}-{Guid.NewGuid():N}";

    /// <summary>Seconds since it started.</summary>
    public double Uptime { get; set; } = 100;

    public ServiceFigures Report => new(service, Instance, Uptime, [.. series.Values]);

    public ReportedService Count(string name, string tag, string value, long count)
    {
        var before = series.GetValueOrDefault((name, tag, value))?.Count ?? 0;
        series[(name, tag, value)] = new FigureSeries(
            name, new Dictionary<string, string> { [tag] = value }, before + count, null, null);
        return this;
    }

    public ReportedService Measure(string name, string tag, string value, double measured, int times)
    {
        var before = series.GetValueOrDefault((name, tag, value))?.Buckets ?? new long[Bounds.Length + 1];
        var bucket = Array.FindIndex(Bounds, bound => measured <= bound);
        var buckets = before
            .Select((count, index) => index == (bucket < 0 ? Bounds.Length : bucket) ? count + times : count).ToArray();
        series[(name, tag, value)] = new FigureSeries(
            name, new Dictionary<string, string> { [tag] = value }, buckets.Sum(), Bounds, buckets);
        return this;
    }

    /// <summary>Commands that were decided on, each within 5 ms.</summary>
    public ReportedService Decide(int accepted, int rejected = 0) => this
        .Count("command_decisions", "outcome", "accepted", accepted)
        .Count("command_decisions", "outcome", "rejected", rejected)
        .Measure("command_processing_time", "outcome", "accepted", 5, accepted + rejected);

    public ReportedService To(FigureStore store)
    {
        Assert.True(store.Take(Report));
        return this;
    }
}
