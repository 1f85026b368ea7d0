namespace Operations.Monitoring;

/// <summary>All endpoints that report. Safe for threads.</summary>
internal sealed class MonitoredEndpoints
{
    /// <summary>Who has been silent for longer is shown as disconnected.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(40);

    /// <summary>Who has been silent for longer is forgotten: there is no history of it any more.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(HistoryPeriod.Longest.Minutes) + Grace;

    private readonly Dictionary<string, MonitoredEndpoint> endpoints = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Changes what is known of an endpoint.</summary>
    public void Change(string name, Action<MonitoredEndpoint> change)
    {
        lock (gate)
        {
            if (!endpoints.TryGetValue(name, out var endpoint))
                endpoints.Add(name, endpoint = new MonitoredEndpoint(name));
            change(endpoint);
        }
    }

    /// <summary>Reads something of every endpoint, in the order of their names.</summary>
    public List<T> Read<T>(Func<MonitoredEndpoint, T> read)
    {
        lock (gate)
        {
            Forget();
            return [.. endpoints.Values.OrderBy(one => one.Name, StringComparer.Ordinal).Select(read)];
        }
    }

    /// <summary>Reads something of one endpoint; null where it is not known.</summary>
    public T? Read<T>(string name, Func<MonitoredEndpoint, T> read)
        where T : class
    {
        lock (gate)
        {
            return endpoints.TryGetValue(name, out var endpoint) ? read(endpoint) : null;
        }
    }

    /// <summary>Forgets an instance, and its endpoint with the last one.</summary>
    public void Forget(string name, string instance)
    {
        lock (gate)
        {
            if (endpoints.TryGetValue(name, out var endpoint) && endpoint.Forget(instance)
                && endpoint.Instances.Count == 0)
            {
                endpoints.Remove(name);
            }
        }
    }

    public static bool IsStale(MonitoredInstance instance) => DateTime.UtcNow - instance.LastHeard > Grace;

    private void Forget()
    {
        var oldest = DateTime.UtcNow - Memory;
        foreach (var endpoint in endpoints.Values.ToList())
        {
            foreach (var silent in endpoint.Instances.Where(one => one.LastHeard < oldest).ToList())
                endpoint.Forget(silent.Id);
            if (endpoint.Instances.Count == 0)
                endpoints.Remove(endpoint.Name);
        }
    }
}
