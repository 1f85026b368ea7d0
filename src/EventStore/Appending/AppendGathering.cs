using System.Threading.Channels;

namespace EventStore.Appending;

/// <summary>
/// Picks what goes into the next batch of one writer. Appends of one batch never share a stream, a key or an id, and
/// none has a condition on a tag that another writes or judges; one that would is put off to the next batch, and one to
/// a stream that others wait for goes to them.
/// </summary>
internal sealed class AppendGathering
{
    private const int MaxAppends = 256;
    private const int MaxEvents = 2000;
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxDeferred = 256;

    private readonly HashSet<(char Kind, string Name)> touched = [];
    private readonly HashSet<string> writtenTags = new(StringComparer.Ordinal);
    private readonly HashSet<string> judgedTags = new(StringComparer.Ordinal);
    private readonly List<PendingAppend> behindLocks = [];
    private List<PendingAppend> deferred = [];
    private int events;
    private int bytes;

    public bool HasDeferred => deferred.Count > 0;

    public IReadOnlyList<PendingAppend> Next(ChannelReader<PendingAppend> reader, LockedAppends locked)
    {
        touched.Clear();
        writtenTags.Clear();
        judgedTags.Clear();
        (events, bytes) = (0, 0);
        var batch = new List<PendingAppend>();

        var waiting = deferred;
        deferred = [];
        foreach (var item in waiting)
            Place(item, batch, locked);
        while (HasRoom(batch) && deferred.Count + behindLocks.Count < MaxDeferred && reader.TryRead(out var item))
            Place(item, batch, locked);
        return batch;
    }

    /// <summary>Appends to streams that are known to be locked, to be taken away.</summary>
    public IReadOnlyList<PendingAppend> TakeBehindLocks()
    {
        if (behindLocks.Count == 0)
            return [];
        var taken = behindLocks.ToArray();
        behindLocks.Clear();
        return taken;
    }

    private bool HasRoom(List<PendingAppend> batch) =>
        batch.Count < MaxAppends && events < MaxEvents && bytes < MaxBytes;

    private void Place(PendingAppend item, List<PendingAppend> batch, LockedAppends locked)
    {
        if (item.IsAbandoned())
            return;
        if (locked.Concerns(item.Append))
        {
            behindLocks.Add(item);
            return;
        }
        // Names of a put-off append count as touched too: whoever comes later to the same stream stays behind it.
        var free = HasRoom(batch);
        foreach (var stream in item.Append.Request.Streams)
            free &= touched.Add(('s', stream.Stream));
        foreach (var claim in item.Append.Request.Claims ?? [])
            free &= touched.Add(('k', claim.Key));
        foreach (var key in item.Append.Request.Releases ?? [])
            free &= touched.Add(('k', key));
        if (item.Append.HasTags || item.Append.Request.Conditions is { Count: > 0 })
            free &= TouchTags(item.Append);
        if (!free)
        {
            deferred.Add(item);
            return;
        }
        batch.Add(item);
        events += item.Append.Events.Length;
        bytes += item.Append.Bytes;
    }

    /// <summary>Conditions of a batch are judged before any of its events is written.</summary>
    private bool TouchTags(EncodedAppend append)
    {
        var written = append.Events.SelectMany(@event => @event.Tags).ToList();
        var judged = (append.Request.Conditions ?? []).Select(condition => condition.None.Tags![0]).ToList();
        var free = !judgedTags.Overlaps(written) && !judgedTags.Overlaps(judged) && !writtenTags.Overlaps(judged);
        writtenTags.UnionWith(written);
        judgedTags.UnionWith(judged);
        return free;
    }
}
