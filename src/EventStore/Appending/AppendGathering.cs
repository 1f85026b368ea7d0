using System.Threading.Channels;

namespace EventStore.Appending;

/// <summary>
/// Picks what goes into the next batch of one writer. Appends of one batch never share a stream, a key or an id; one
/// that would is put off to the next batch.
/// </summary>
internal sealed class AppendGathering
{
    private const int MaxAppends = 256;
    private const int MaxEvents = 2000;
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxDeferred = 256;

    private readonly HashSet<(char Kind, string Name)> touched = [];
    private List<PendingAppend> deferred = [];
    private int events;
    private int bytes;

    public bool HasDeferred => deferred.Count > 0;

    public IReadOnlyList<PendingAppend> Next(ChannelReader<PendingAppend> reader)
    {
        touched.Clear();
        (events, bytes) = (0, 0);
        var batch = new List<PendingAppend>();

        var waiting = deferred;
        deferred = [];
        foreach (var item in waiting)
            Place(item, batch);
        while (HasRoom(batch) && deferred.Count < MaxDeferred && reader.TryRead(out var item))
            Place(item, batch);
        return batch;
    }

    private bool HasRoom(List<PendingAppend> batch) =>
        batch.Count < MaxAppends && events < MaxEvents && bytes < MaxBytes;

    private void Place(PendingAppend item, List<PendingAppend> batch)
    {
        if (item.CancellationToken.IsCancellationRequested)
        {
            item.Answer.TrySetCanceled(item.CancellationToken);
            return;
        }
        // Names of a put-off append count as touched too: whoever comes later to the same stream stays behind it.
        var free = HasRoom(batch);
        foreach (var name in Names(item.Append))
            free &= touched.Add(name);
        if (!free)
        {
            deferred.Add(item);
            return;
        }
        batch.Add(item);
        events += item.Append.Events.Length;
        bytes += item.Append.Bytes;
    }

    private static IEnumerable<(char Kind, string Name)> Names(EncodedAppend append)
    {
        foreach (var stream in append.Request.Streams)
            yield return ('s', stream.Stream);
        foreach (var claim in append.Request.Claims ?? [])
            yield return ('k', claim.Key);
        foreach (var key in append.Request.Releases ?? [])
            yield return ('k', key);
    }
}
