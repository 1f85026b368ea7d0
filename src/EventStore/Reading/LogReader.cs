using System.Runtime.CompilerServices;
using Npgsql;

namespace EventStore.Reading;

/// <summary>Reads the log in order of position. No connection is held while the caller works on a page.</summary>
internal sealed class LogReader(EventPage pages, LogHead head, int pageSize)
{
    private static readonly string ReadSql = Sql.Read("Reading/read_log.sql");

    /// <summary>While the caller works on one page, the next is on its way: two pages at most are in memory.</summary>
    public async IAsyncEnumerable<RecordedEvent> Read(
        long after, LogFilter? filter, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = limit ?? int.MaxValue;
        var safe = (await head.Read(cancellationToken)).Position;
        var next = Next();
        try
        {
            while (next is not null)
            {
                var page = await next;
                (left, after) = (left - page.Events.Count, page.Position);
                if (after == safe && left > 0)
                    safe = (await head.Read(cancellationToken)).Position;
                next = Next();
                foreach (var @event in page.Events)
                    yield return @event;
            }
        }
        finally
        {
            // Left early: what was on its way gives its connection back before the caller goes on.
            if (next is not null)
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<EventBatch>? Next() => left > 0 && after < safe
            ? ReadPage(after, safe, filter, Math.Min(left, pageSize), cancellationToken)
            : null;
    }

    /// <summary>The next events behind a position, up to a safe one.</summary>
    public async Task<EventBatch> ReadPage(
        long after,
        long safe,
        LogFilter? filter,
        int size,
        CancellationToken cancellationToken,
        bool keepUnreadable = false)
    {
        var events = await pages.Read(
            ReadSql,
            size,
            [
                new NpgsqlParameter<long> { TypedValue = after },
                new NpgsqlParameter<long> { TypedValue = safe },
                new NpgsqlParameter<string[]?> { TypedValue = filter?.Types?.ToArray() },
                new NpgsqlParameter<string?> { TypedValue = filter?.Tenant },
                new NpgsqlParameter<DateTime?> { TypedValue = filter?.Since?.UtcDateTime },
                new NpgsqlParameter<int> { TypedValue = size },
            ],
            cancellationToken,
            keepUnreadable);
        return new EventBatch(events, events.Count == size ? events[^1].Position : safe, safe);
    }
}
