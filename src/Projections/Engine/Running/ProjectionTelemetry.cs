using System.Diagnostics;
using System.Diagnostics.Metrics;
using EventStore;

namespace Projections.Engine.Running;

/// <summary>What projections tell the dashboard.</summary>
internal static class ProjectionTelemetry
{
    private const int MostLinks = 16;

    private static readonly ActivitySource Source = new("AspireCqrs.Projections");
    private static readonly Meter Meter = new("AspireCqrs");

    private static readonly Histogram<double> Lag = Meter.CreateHistogram<double>(
        "projection_lag", "s", "From an event's decision to its being in the model; the oldest event of each batch.");

    private static readonly Gauge<long> LagEvents = Meter.CreateGauge<long>(
        "projection_lag_events", "{position}", "Positions of the log that the model has not reached.");

    private static readonly Counter<long> Processed = Meter.CreateCounter<long>(
        "projection_events", "{event}", "Events applied to the model.");

    private static readonly Gauge<long> ParkedStreams = Meter.CreateGauge<long>(
        "projection_parked_streams", "{stream}", "Streams that the live model leaves out, from its writer.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "event_processing_failures", "{failure}", "Events that could not be applied, and runs that a failure ended.");

    private static readonly Counter<long> Checks = Meter.CreateCounter<long>(
        "consistency_checks", "{entity}", "Entities of a model that were compared with the log.");

    private static readonly Counter<long> CheckFailures = Meter.CreateCounter<long>(
        "consistency_check_failures", "{entity}", "Entities of a model that differed from the log.");

    /// <summary>
    /// A span for a batch. It belongs to the trace that its last event was written in, so that a request's trace shows
    /// the projection too; the traces of the other events are linked.
    /// </summary>
    public static Activity? StartBatch(string projection, EventBatch batch)
    {
        if (batch.Events.Count == 0 || !Source.HasListeners())
            return null;
        ActivityContext.TryParse(batch.Events[^1].Metadata.TraceParent, null, isRemote: true, out var parent);
        var links = batch.Events
            .Select(recorded => recorded.Metadata.TraceParent)
            .Distinct()
            .Select(text => ActivityContext.TryParse(text, null, isRemote: true, out var context) ? context : default)
            .Where(context => context != default && context.TraceId != parent.TraceId)
            .DistinctBy(context => context.TraceId)
            .Take(MostLinks)
            .Select(context => new ActivityLink(context));
        var activity = Source.StartActivity($"project {projection}", ActivityKind.Consumer, parent, null, links);
        activity?.SetTag("projection", projection);
        activity?.SetTag("events", batch.Events.Count);
        activity?.SetTag("position", batch.Position);
        return activity;
    }

    public static void Applied(string projection, EventBatch batch)
    {
        var tag = new KeyValuePair<string, object?>("projection", projection);
        LagEvents.Record(Math.Max(0, batch.Head - batch.Position), tag);
        if (batch.Events.Count == 0)
            return;
        Processed.Add(batch.Events.Count, tag);
        Lag.Record((DateTimeOffset.UtcNow - batch.Events[0].Metadata.Time).TotalSeconds, tag);
    }

    /// <summary>Told once a second, so that a retried stream is off the dashboard too.</summary>
    public static void LeftOut(string projection, int streams) =>
        ParkedStreams.Record(streams, new KeyValuePair<string, object?>("projection", projection));

    public static void Failed(string projection, int failures = 1) =>
        Failures.Add(failures, new KeyValuePair<string, object?>("projection", projection));

    public static void Compared(string projection, int entities, int different)
    {
        var tag = new KeyValuePair<string, object?>("projection", projection);
        Checks.Add(entities, tag);
        CheckFailures.Add(different, tag);
    }

    /// <summary>Counts events that could not be applied, and says which.</summary>
    public static void Parked(this ILogger logger, string projection, IReadOnlyList<PoisonEvent> poison)
    {
        foreach (var (recorded, error) in poison)
        {
            Failed(projection);
            logger.LogError(
                error, "{Projection} parked the stream {Stream}: {Type} at version {Version}, position {Position}.",
                projection, recorded.Stream, recorded.Type, recorded.Version, recorded.Position);
        }
    }
}
