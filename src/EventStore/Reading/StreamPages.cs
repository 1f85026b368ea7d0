using System.Runtime.CompilerServices;
using EventStore.Archiving;
using Npgsql;

namespace EventStore.Reading;

/// <summary>Reads one stream, page by page. No connection is held while the caller works on a page.</summary>
internal sealed class StreamPages(EventPage pages, ArchivedEvents archived, int pageSize)
{
    private static readonly string ForwardSql = Sql.Read("Reading/read_stream_forward.sql");
    private static readonly string BackwardSql = Sql.Read("Reading/read_stream_backward.sql");

    /// <summary>
    /// While the caller works on one page, the next is on its way: two pages at most are in memory. A page that is not
    /// full is the last.
    /// </summary>
    public async IAsyncEnumerable<RecordedEvent> Read(
        string stream,
        long fromVersion,
        ReadDirection direction,
        int? limit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = limit ?? int.MaxValue;
        var (lowest, highest, after) = (Math.Max(fromVersion, 1), long.MaxValue, 0L);
        var page = Next();
        try
        {
            while (page is { } current)
            {
                var rows = await current.Rows;
                left = rows.IsFull ? left - rows.Count : 0;
                if (rows.Count > 0 && direction is ReadDirection.Forward)
                    (lowest, after) = (rows[^1].Version + 1, rows[^1].Position);
                else if (rows.Count > 0)
                    highest = rows[^1].Version - 1;
                page = Next();
                foreach (var @event in await current.Events)
                    yield return @event;
            }
        }
        finally
        {
            if (page is not null)
                await page.Abandon();
        }

        PageAhead? Next()
        {
            if (left <= 0 || lowest > highest)
                return null;
            var size = Math.Min(left, pageSize);
            return new PageAhead(
                pages,
                direction is ReadDirection.Forward
                    ? FetchForward(stream, lowest, after, size, cancellationToken)
                    : FetchBackward(stream, lowest, highest, size, cancellationToken),
                cancellationToken);
        }
    }

    private Task<StoredPage> FetchForward(
        string stream, long lowest, long after, int size, CancellationToken cancellationToken) => FetchWhole(
        stream,
        lowest,
        () => pages.Fetch(
            ForwardSql,
            size,
            [Sql.Text(stream), Sql.Number(lowest), Count(size), Sql.Number(after)],
            cancellationToken),
        rows => rows[0].Version > lowest ? lowest : null,
        cancellationToken);

    private Task<StoredPage> FetchBackward(
        string stream, long lowest, long highest, int size, CancellationToken cancellationToken) => FetchWhole(
        stream,
        lowest,
        () => pages.Fetch(
            BackwardSql,
            size,
            [Sql.Text(stream), Sql.Number(lowest), Sql.Number(highest), Count(size)],
            cancellationToken),
        rows => !rows.IsFull && rows[^1].Version > lowest ? rows[^1].Version - 1 : null,
        cancellationToken);

    /// <summary>Versions have no holes: where one is missing it is archived.</summary>
    /// <param name="missing">The version that a page should have and has not.</param>
    /// <exception cref="ArchivedEventsException">It is.</exception>
    private async Task<StoredPage> FetchWhole(
        string stream,
        long lowest,
        Func<Task<StoredPage>> fetch,
        Func<StoredPage, long?> missing,
        CancellationToken cancellationToken)
    {
        for (var again = false; ; again = true)
        {
            var rows = await fetch();
            var version = rows.Count > 0
                ? missing(rows)
                : (await archived.FindMissing([(stream, lowest, long.MaxValue)], cancellationToken))?.Version;
            if (version is null)
                return rows;
            var refusal = await archived.Explain(stream, version.Value, cancellationToken);
            if (again || refusal is not EventDataException { MayBeBack: true })
                throw refusal;
        }
    }

    private static NpgsqlParameter Count(int value) => new NpgsqlParameter<int> { TypedValue = value };
}

/// <summary>A page on its way: the rows, and a little later the events that they are read as.</summary>
internal sealed class PageAhead(EventPage pages, Task<StoredPage> rows, CancellationToken cancellationToken)
{
    public Task<StoredPage> Rows => rows;

    public Task<List<RecordedEvent>> Events { get; } = pages.DecodeAfter(rows, cancellationToken);

    /// <summary>
    /// For a reader that leaves early: what was on its way gives its connection back before the reader goes on.
    /// </summary>
    public async ValueTask Abandon() => await ((Task)Events).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
