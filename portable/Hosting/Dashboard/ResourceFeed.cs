using System.Runtime.CompilerServices;
using Portable.Hosting.Dashboard.Wire;

namespace Portable.Hosting.Dashboard;

/// <summary>
/// The latest state of every resource, and its changes for any number of watchers. A watcher that is slow to read gets
/// the newest state of what changed meanwhile, not each step: what waits for it is bounded by the number of resources.
/// </summary>
internal sealed class ResourceFeed
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Resource> latest = [];
    private readonly Dictionary<string, string> ids = [];
    private readonly List<Watcher> watchers = [];

    /// <summary>Makes <paramref name="resource"/> the current state of the instance <paramref name="id"/>.</summary>
    public void Publish(string id, Resource resource)
    {
        lock (gate)
        {
            ids[resource.Name] = id;
            latest[resource.Name] = resource;
            foreach (var watcher in watchers) watcher.Add(resource);
        }
    }

    /// <summary>The instance that the dashboard knows by this name, or null.</summary>
    public string? IdOf(string name)
    {
        lock (gate) return ids.GetValueOrDefault(name);
    }

    /// <summary>How many watch now.</summary>
    public int Watchers
    {
        get
        {
            lock (gate) return watchers.Count;
        }
    }

    /// <summary>Yields everything there is, once, then what changes until canceled.</summary>
    public async IAsyncEnumerable<WatchResourcesUpdate> Watch(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watcher = new Watcher();
        var initial = new InitialResourceData();
        lock (gate)
        {
            initial.Resources.AddRange(latest.Values);
            watchers.Add(watcher);
        }

        try
        {
            yield return new WatchResourcesUpdate { InitialData = initial };
            while (true)
            {
                await watcher.Changed(cancellationToken);
                var changes = new WatchResourcesChanges();
                lock (gate) changes.Value.AddRange(watcher.Take());
                if (changes.Value.Count > 0) yield return new WatchResourcesUpdate { Changes = changes };
            }
        }
        finally
        {
            lock (gate) watchers.Remove(watcher);
        }
    }

    /// <summary>What one watcher has yet to be told. Add and Take are called under the feed's lock.</summary>
    private sealed class Watcher : IDisposable
    {
        private readonly Dictionary<string, Resource> pending = [];
        private readonly SemaphoreSlim signal = new(0);

        public void Add(Resource resource)
        {
            pending[resource.Name] = resource;
            if (signal.CurrentCount == 0) signal.Release();
        }

        public Task Changed(CancellationToken cancellationToken) => signal.WaitAsync(cancellationToken);

        public IReadOnlyList<WatchResourcesChange> Take()
        {
            var changes = pending.Values.Select(resource => new WatchResourcesChange { Upsert = resource }).ToList();
            pending.Clear();
            return changes;
        }

        public void Dispose() => signal.Dispose();
    }
}
