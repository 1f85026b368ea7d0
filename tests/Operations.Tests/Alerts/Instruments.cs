using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using EventStore;
using Microsoft.Extensions.DependencyInjection;
using Operations.Alerts;
using QueryApi;
using Workflows;

namespace Operations.Tests.Alerts;

/// <summary>The instruments that the services really have on the meter <c>AspireCqrs</c>.</summary>
internal static class Instruments
{
    /// <summary>By name: those made when a class is first used, and those that a service makes as it starts.</summary>
    public static IReadOnlyDictionary<string, Instrument> All()
    {
        var found = new Dictionary<string, Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == EventStoreTelemetry.MeterName)
                    found[instrument.Name] = instrument;
            },
        };
        listener.Start();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        RuntimeHelpers.RunClassConstructor(typeof(EventStoreTelemetry).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(Projections.Engine.Running.ProjectionTelemetry).TypeHandle);
        _ = new CommandMetrics(meters, TimeProvider.System);
        _ = new QueryMetrics(meters);
        AlertWatch.Publish(meters, () => []);
        return found;
    }

    /// <summary>The names that Prometheus gives an instrument.</summary>
    public static IEnumerable<string> PrometheusNames(Instrument instrument)
    {
        var unit = instrument.Unit switch { "ms" => "_milliseconds", "s" => "_seconds", _ => "" };
        var kind = instrument.GetType().GetGenericTypeDefinition();
        if (kind == typeof(Histogram<>))
            return new[] { "_bucket", "_count", "_sum" }.Select(part => instrument.Name + unit + part);
        if (kind == typeof(Counter<>))
            return [$"{instrument.Name}{unit}_total"];
        return [instrument.Name + unit + (instrument.Unit == "1" ? "_ratio" : "")];
    }
}
