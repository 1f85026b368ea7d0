using EventStore.Archiving;
using Npgsql;

namespace EventStore.Reading;

/// <summary>How one reader finds the events that its filter asks for, page after page.</summary>
internal sealed class LogSearch(EventTypes types, LogFilter? filter, ArchivedEvents archived, Density density)
{
    private static readonly string WalkSql = Sql.Read("Reading/read_log.sql");
    private static readonly string TypesSql = Sql.Read("Reading/read_types.sql");
    private static readonly string TagsSql = Sql.Read("Reading/read_tags.sql");

    private readonly string[]? tags = filter?.Tags is { Count: > 0 } wanted ? [.. wanted] : null;
    private readonly string[]? stored = filter?.Types is { } names
        ? [.. types.Sources(names).Distinct(StringComparer.Ordinal)]
        : null;

    private (long From, long To) page;

    /// <summary>The next rows behind a position, up to a safe one; one page at a time.</summary>
    /// <exception cref="ArchivedEventsException">Events behind the position are archived.</exception>
    public async Task<StoredPage> Fetch(
        EventPage pages, long after, long safe, int size, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await FetchOnce(pages, after, safe, size, cancellationToken);
            }
            catch (PostgresException e) when (ArchivedEvents.IsRefusal(e))
            {
                var refusal = await archived.Explain($"The log cannot be read behind position {after}", cancellationToken);
                if (refusal is ArchivedEventsException { LastPosition: var last } && last > after)
                    throw refusal;
                // It came back meanwhile.
            }
        }
    }

    private Task<StoredPage> FetchOnce(
        EventPage pages, long after, long safe, int size, CancellationToken cancellationToken)
    {
        var (sql, end) = tags is not null
            ? (TagsSql, safe)
            : stored is null ? (WalkSql, safe) : density.Choose(after, safe, size) ? (TypesSql, safe) : Window();
        page = (after, end);
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
        return pages.Fetch(sql, size, parameters, cancellationToken);

        (string, long) Window() => (WalkSql, Math.Min(safe, after + Density.WindowOf(size)));
    }

    /// <summary>Up to where the rows fetched last have searched the log.</summary>
    public long End(StoredPage rows)
    {
        var end = rows.IsFull ? rows[^1].Position : page.To;
        density.Saw(rows.Count, end - page.From);
        return end;
    }

    /// <summary>What is split or merged is known by its new name only when it is decoded.</summary>
    public IReadOnlyList<RecordedEvent> Filter(List<RecordedEvent> events) =>
        types.HasReshaping && filter?.Types is { } kinds
            ? [.. events.Where(recorded => kinds.Contains(recorded.Type))]
            : events;
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
