using System.Diagnostics.Metrics;

namespace Messaging.Bench;

/// <summary>Milliseconds.</summary>
internal sealed record Latencies(double Median, double Worst)
{
    public static Latencies? Of(IReadOnlyCollection<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        return sorted.Length == 0
            ? null
            : new Latencies(At(0.50) * 1000, At(0.99) * 1000);

        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
    }
}

/// <summary>Listens to one of the endpoint's own histograms.</summary>
internal sealed class HistogramWatch : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly List<double> values = [];

    public HistogramWatch(string instrument)
    {
        listener.InstrumentPublished = (published, l) =>
        {
            if (published.Name == instrument)
            {
                l.EnableMeasurementEvents(published);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) =>
        {
            lock (values)
            {
                values.Add(value);
            }
        });
        listener.Start();
    }

    public void Clear()
    {
        lock (values)
        {
            values.Clear();
        }
    }

    public Latencies? Read()
    {
        lock (values)
        {
            return Latencies.Of(values);
        }
    }

    public void Dispose() => listener.Dispose();
}
