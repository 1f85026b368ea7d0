using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EventStore;

/// <summary>Names under which the store reports; subscribe a tracer and a meter provider to them.</summary>
public static class EventStoreTelemetry
{
    /// <summary>The activity source: spans for append and load.</summary>
    public const string SourceName = "AspireCqrs.EventStore";

    /// <summary>The meter that all of AspireCqrs shares.</summary>
    public const string MeterName = "AspireCqrs";

    internal static readonly ActivitySource Source = new(SourceName);

    internal static readonly Meter Meter = new(MeterName);

    /// <summary>From the call to the answer, waiting in the queue included.</summary>
    internal static readonly Histogram<double> AppendTime = Meter.CreateHistogram<double>(
        "event_store_append_time", "ms", "Duration of an append, by its outcome.");

    /// <summary>How long open transactions held back a reader that had caught up with everything else.</summary>
    internal static readonly Histogram<double> ReaderDelay = Meter.CreateHistogram<double>(
        "event_store_reader_delay", "ms", "Time a subscription waited for appends in open transactions.");
}
