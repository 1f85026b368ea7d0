using System.Diagnostics;
using System.Diagnostics.Metrics;
using Commerce;

namespace Workflows;

/// <summary>How long commands take and how many are refused, on the meter <c>AspireCqrs</c>.</summary>
internal sealed class CommandMetrics
{
    private readonly Histogram<double> processingTime;
    private readonly Counter<long> decisions;
    private readonly RejectionShare rejections;

    public CommandMetrics(IMeterFactory meters, TimeProvider clock)
    {
        rejections = new RejectionShare(clock);
        var meter = meters.Create("AspireCqrs");
        processingTime = meter.CreateHistogram<double>(
            "command_processing_time", "ms", "From taking a command up to its decision, stored; the commit follows.");
        decisions = meter.CreateCounter<long>(
            "command_decisions", "{command}", "Commands decided on, by outcome; their share that is rejected is judged.");
        meter.CreateObservableGauge(
            "command_rejection_rate", () => rejections.Now, "1", "Share of the last minute's commands that were refused.");
    }

    /// <summary>A command has been decided on.</summary>
    /// <param name="started">A timestamp of <see cref="Stopwatch"/>.</param>
    public void Decided(Type command, Decision decision, long started)
    {
        var rejected = decision is Rejected;
        var outcome = new KeyValuePair<string, object?>("outcome", rejected ? "rejected" : "accepted");
        rejections.Add(rejected);
        decisions.Add(1, outcome);
        processingTime.Record(
            Stopwatch.GetElapsedTime(started).TotalMilliseconds,
            new KeyValuePair<string, object?>("command", command.Name),
            outcome);
    }
}
