using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ServiceDefaults.Telemetry.Figures;

/// <summary>
/// Adds up what this service measures on the meter <c>AspireCqrs</c>: its counters and histograms. What shows a state
/// (gauges) is not cumulative, and not in it.
/// </summary>
internal sealed class FigureCollector : IDisposable
{
    private const string MeterName = "AspireCqrs";

    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> instruments = new();
    private readonly MeterListener listener = new();
    private readonly IMeterFactory meters;
    private readonly long started = Stopwatch.GetTimestamp();

    /// <param name="meters">Of this service: a process may host several, as in tests.</param>
    public FigureCollector(IMeterFactory meters)
    {
        this.meters = meters;
        listener.InstrumentPublished = Listen;
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, state) => ((InstrumentSeries)state!).Add(value, tags));
        listener.SetMeasurementEventCallback<double>(
            (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        listener.Start();
    }

    public TimeSpan Uptime => Stopwatch.GetElapsedTime(started);

    public IReadOnlyList<FigureSeries> Read() => [.. instruments.Values.SelectMany(one => one.Read())];

    public void Dispose() => listener.Dispose();

    private void Listen(Instrument instrument, MeterListener to)
    {
        if (instrument.Meter.Name != MeterName
            || (instrument.Meter.Scope is { } scope && scope != meters)
            || instrument is not (Counter<long> or Histogram<double>))
            return;
        to.EnableMeasurementEvents(instrument, instruments.GetOrAdd(instrument, one => new InstrumentSeries(one)));
    }
}
