using EventStore;
using Projections.Engine;

namespace Projections.Checking;

/// <summary>
/// Draws entities by lot: events at random positions of the log name them. Busy entities are drawn more often, and
/// every entity that ever had an event can be.
/// </summary>
internal sealed class EntitySample<TKey, TRow>(Projection<TKey, TRow> projection, IEventStore log)
    where TKey : notnull
    where TRow : class
{
    /// <summary>Events that are read at each position: neighbors in time, cheap to read together.</summary>
    private const int EventsAtOnce = 8;

    /// <summary>In a small log the same entities come again and again: so many draws in vain end the drawing.</summary>
    private const int DrawsInVain = 5;

    /// <param name="after">Nothing up to this position.</param>
    /// <param name="through">Nothing behind this position.</param>
    public async Task<IReadOnlyCollection<TKey>> Draw(
        int most, long after, long through, CancellationToken cancellationToken)
    {
        var keys = new HashSet<TKey>();
        var filter = new LogFilter(projection.EventTypes);
        for (var inVain = 0; keys.Count < most && inVain < DrawsInVain;)
        {
            var before = keys.Count;
            // The beginning is drawn every fifth time in vain: behind the last matching event there is nothing to read.
            var from = inVain == DrawsInVain - 1 ? after : Random.Shared.NextInt64(after, Math.Max(after + 1, through));
            await Read(from, through, keys, most, filter, cancellationToken);
            inVain = keys.Count > before ? 0 : inVain + 1;
        }

        return keys;
    }

    private async Task Read(
        long from, long through, HashSet<TKey> keys, int most, LogFilter filter, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var recorded in log.ReadLog(from, filter, EventsAtOnce, cancellationToken))
            {
                if (recorded.Position > through || keys.Count == most)
                    return;
                if (projection.TryKeyOf(recorded, out var key))
                    keys.Add(key);
            }
        }
        catch (ArchivedEventsException)
        {
            // Events of that time are in files: another draw finds one that is not.
        }
    }
}
