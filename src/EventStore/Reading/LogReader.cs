using System.Runtime.CompilerServices;
using Npgsql;

namespace EventStore.Reading;

/// <summary>Reads the log in order of position. No connection is held while the caller works on a page.</summary>
internal sealed class LogReader(EventPage pages, LogHead head, EventTypes types, int pageSize)
{
    private static readonly string WalkSql = Sql.Read("Reading/read_log.sql");
    private static readonly string TypesSql = Sql.Read("Reading/read_types.sql");
    private static readonly string TagsSql = Sql.Read("Reading/read_tags.sql");

    /// <summary>While the caller works on one page, the next is on its way: two pages at most are in memory.</summary>
    public async IAsyncEnumerable<RecordedEvent> Read(
        long after, LogFilter? filter, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = limit ?? int.MaxValue;
        var safe = (await head.Read(cancellationToken)).Position;
        var density = new Density();
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
            ? ReadPage(after, safe, filter, Math.Min(left, pageSize), density, cancellationToken)
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
    /// <param name="density">Of this reader's own; it is where the reader learns how to search.</param>
    public async Task<EventBatch> ReadPage(
        long after,
        long safe,
        LogFilter? filter,
        int size,
        Density density,
        CancellationToken cancellationToken,
        bool keepUnreadable = false)
    {
        var tags = filter?.Tags is { Count: > 0 } wanted ? wanted.ToArray() : null;
        var stored = filter?.Types is { } names
            ? types.Sources(names).Distinct(StringComparer.Ordinal).ToArray()
            : null;
        var (sql, end) = tags is not null
            ? (TagsSql, safe)
            : stored is null ? (WalkSql, safe) : density.Choose(after, safe, size) ? (TypesSql, safe) : Window();
        List<NpgsqlParameter> parameters =
        [
            new NpgsqlParameter<long> { TypedValue = after },
            new NpgsqlParameter<long> { TypedValue = end },
            new NpgsqlParameter<string[]?> { TypedValue = stored },
            new NpgsqlParameter<string?> { TypedValue = filter?.Tenant },
            new NpgsqlParameter<DateTime?> { TypedValue = filter?.Since?.UtcDateTime },
            new NpgsqlParameter<int> { TypedValue = size },
        ];
        if (tags is not null)
            parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tags });
        var page = await pages.Read(sql, size, parameters, cancellationToken, keepUnreadable);
        var position = page.Stored == size ? page.LastPosition : end;
        density.Saw(page.Stored, position - after);
        // What is split or merged is known by its new name only now.
        var events = types.HasReshaping && filter?.Types is { } kinds
            ? (IReadOnlyList<RecordedEvent>)[.. page.Events.Where(recorded => kinds.Contains(recorded.Type))]
            : page.Events;
        return new EventBatch(events, position, safe);

        (string, long) Window() => (WalkSql, Math.Min(safe, after + Density.WindowOf(size)));
    }
}

/// <summary>
/// How a reader by type searches. Where its types are frequent it walks the log, window by window, and takes what it
/// meets; where a window had next to nothing of them it asks the index, which costs an entry for every type and event
/// but nothing for what lies between.
/// </summary>
internal sealed class Density
{
    private bool rare;

    public static long WindowOf(int size) => size * 8L;

    /// <returns>Whether to ask the index. Near the head walking is cheaper in any case.</returns>
    public bool Choose(long after, long safe, int size) => rare && safe - after > WindowOf(size);

    public void Saw(int events, long positions) => rare = events * 16L < positions;
}
