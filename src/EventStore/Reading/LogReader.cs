using System.Runtime.CompilerServices;
using EventStore.Archiving;

namespace EventStore.Reading;

/// <summary>Reads the log in order of position. No connection is held while the caller works on a page.</summary>
internal sealed class LogReader(
    EventPage pages, LogHead head, EventTypes types, ArchivedEvents archived, int pageSize)
{
    /// <summary>While the caller works on one page, the next is on its way: two pages at most are in memory.</summary>
    public async IAsyncEnumerable<RecordedEvent> Read(
        long after, LogFilter? filter, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = limit ?? int.MaxValue;
        var safe = (await head.Read(cancellationToken)).Position;
        var search = new LogSearch(types, filter, archived, new Density());
        // What a limit counts is known only when it is decoded, where stored events can become more or fewer.
        var counted = limit is not null && types.HasReshaping;
        var next = Next();
        try
        {
            while (next is { } page)
            {
                var rows = await page.Rows;
                left -= counted ? search.Filter(await page.Events).Count : rows.Count;
                after = search.End(rows);
                if (after == safe && left > 0)
                    safe = (await head.Read(cancellationToken)).Position;
                next = Next();
                foreach (var @event in search.Filter(await page.Events))
                    yield return @event;
            }
        }
        finally
        {
            if (next is not null)
                await next.Abandon();
        }

        PageAhead? Next() => left > 0 && after < safe
            ? new PageAhead(
                pages,
                search.Fetch(pages, after, safe, Math.Min(left, pageSize), cancellationToken),
                cancellationToken)
            : null;
    }

    /// <summary>Folds the whole log up to its head.</summary>
    public async Task<LoadedLog<TState>> Load<TState>(
        LogFilter filter, Fold<TState> fold, CancellationToken cancellationToken)
    {
        var safe = (await head.Read(cancellationToken)).Position;
        var (state, after, density) = (fold.Initial, 0L, new Density());
        while (after < safe)
        {
            var page = await ReadPage(after, safe, filter, pageSize, density, cancellationToken);
            foreach (var @event in page.Events)
            {
                if (@event.Data is not Tombstone)
                    state = fold.Evolve(state, @event.Data);
            }
            after = page.Position;
        }
        return new LoadedLog<TState>(state, filter, safe);
    }

    /// <summary>The next events behind a position, up to a safe one.</summary>
    /// <exception cref="ArchivedEventsException">Events behind the position are archived.</exception>
    /// <param name="density">Of this reader's own; it is where the reader learns how to search.</param>
    public async Task<EventBatch> ReadPage(
        long after, long safe, LogFilter? filter, int size, Density density, CancellationToken cancellationToken)
    {
        var page = await FetchPage(after, safe, filter, size, density, cancellationToken);
        return await page.Decode(keepUnreadable: false, cancellationToken);
    }

    /// <summary>As <see cref="ReadPage"/>, but the events are still to be made of the rows.</summary>
    /// <inheritdoc cref="ReadPage"/>
    public async Task<FetchedPage> FetchPage(
        long after, long safe, LogFilter? filter, int size, Density density, CancellationToken cancellationToken)
    {
        var search = new LogSearch(types, filter, archived, density);
        var rows = await search.Fetch(pages, after, safe, size, cancellationToken);
        return new FetchedPage(pages, search, rows, search.End(rows), safe);
    }
}

/// <summary>Rows of the log, and how far it was searched for them.</summary>
internal sealed class FetchedPage(EventPage pages, LogSearch search, StoredPage rows, long position, long head)
{
    /// <inheritdoc cref="EventBatch.Position"/>
    public long Position => position;

    /// <inheritdoc cref="EventBatch.Head"/>
    public long Head => head;

    /// <summary>Makes events of the rows.</summary>
    /// <inheritdoc cref="EventPage.Decode(StoredPage, CancellationToken, bool)"/>
    public async ValueTask<EventBatch> Decode(bool keepUnreadable, CancellationToken cancellationToken)
    {
        var events = await pages.Decode(rows, cancellationToken, keepUnreadable);
        return new EventBatch(search.Filter(events), position, head) { IsCut = rows.IsCut };
    }
}
