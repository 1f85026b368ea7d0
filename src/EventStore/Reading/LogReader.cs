using System.Runtime.CompilerServices;
using Npgsql;

namespace EventStore.Reading;

/// <summary>Reads the log in order of position. No connection is held while the caller works on a page.</summary>
internal sealed class LogReader(EventPage pages, LogHead head, int pageSize)
{
    private static readonly string ReadSql = Sql.Read("Reading/read_log.sql");

    public async IAsyncEnumerable<RecordedEvent> Read(
        long after, LogFilter? filter, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = limit ?? int.MaxValue;
        var end = await head.Read(cancellationToken);
        while (left > 0 && after < end.Position)
        {
            var page = await ReadPage(after, end.Position, filter, Math.Min(left, pageSize), cancellationToken);
            foreach (var @event in page.Events)
                yield return @event;
            left -= page.Events.Count;
            after = page.Position;
            if (after == end.Position)
                end = await head.Read(cancellationToken);
        }
    }

    /// <summary>The next events behind a position, up to a safe one.</summary>
    public async Task<EventBatch> ReadPage(
        long after, long safe, LogFilter? filter, int size, CancellationToken cancellationToken)
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
            cancellationToken);
        return new EventBatch(events, events.Count == size ? events[^1].Position : safe, safe);
    }
}
