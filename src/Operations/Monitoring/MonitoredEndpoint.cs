namespace Operations.Monitoring;

/// <summary>An instance that reports.</summary>
internal sealed record MonitoredInstance(string Id, string Name, DateTime LastHeard);

/// <summary>
/// What one endpoint reported: as a whole, by instance and by message type. In memory, as in ServiceControl: an hour of
/// history, and anew after a restart. Not safe for threads: see <see cref="MonitoredEndpoints"/>.
/// </summary>
internal sealed class MonitoredEndpoint(string name)
{
    /// <summary>More types than any endpoint has: what names them is not ours.</summary>
    private const int MostTypes = 500;

    private readonly Dictionary<(Measure, string? Instance, string? Type), Series> series = [];
    private readonly Dictionary<string, MonitoredInstance> instances = new(StringComparer.Ordinal);
    private readonly HashSet<string> types = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Where it takes its messages from, once it has said so.</summary>
    public string? Queue { get; set; }

    public IReadOnlyCollection<MonitoredInstance> Instances => instances.Values;

    public IReadOnlyCollection<string> MessageTypes => types;

    public void Heard(MonitoredInstance instance) => instances[instance.Id] = instance;

    public bool Forget(string instance) => instances.Remove(instance);

    public void Add(Measure measure, string? instance, string? type, long ticks, long value)
    {
        Of(measure, null, null).Add(ticks, value);
        if (instance is not null)
            Of(measure, instance, null).Add(ticks, value);
        if (!string.IsNullOrEmpty(type) && (types.Contains(type) || types.Count < MostTypes))
        {
            types.Add(type);
            Of(measure, null, type).Add(ticks, value);
        }
    }

    public MeasuredValues Read(
        Measure measure, HistoryPeriod period, DateTime now, string? instance = null, string? type = null)
    {
        // Every message that was handled has its processing time: their number is the throughput.
        var source = measure == Measure.Throughput ? Measure.ProcessingTime : measure;
        var intervals = series.TryGetValue((source, instance, type), out var found)
            ? found.Read(period, now)
            : new Interval[HistoryPeriod.Intervals];
        return Measures.Of(measure, intervals, period);
    }

    private Series Of(Measure measure, string? instance, string? type) =>
        series.TryGetValue((measure, instance, type), out var found)
            ? found
            : series[(measure, instance, type)] = new Series();
}
