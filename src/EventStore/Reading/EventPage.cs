using EventStore.Evolution;
using EventStore.Serialization;
using Npgsql;

namespace EventStore.Reading;

/// <summary>
/// Reads pages of whole events, in two steps that different pages can be in at the same time: rows are fetched while
/// the server sends them, and their data is made into events. Each takes about as much processor time as the other.
/// </summary>
internal sealed class EventPage(NpgsqlDataSource dataSource, EventSerializer serializer, EventResolving resolving)
{
    /// <summary>One round trip. The statement's columns are those of <c>Reading/read_log.sql</c>.</summary>
    /// <param name="limit">How many rows the statement gives at most; null: all, and all are needed.</param>
    /// <exception cref="ReadFailedException">The database has no log, or none that the role may read.</exception>
    public Task<StoredPage> Fetch(
        string sql, int? limit, IEnumerable<NpgsqlParameter> parameters, CancellationToken cancellationToken) =>
        ReadFailedException.Explain(FetchRows(sql, limit, parameters, cancellationToken));

    private async Task<StoredPage> FetchRows(
        string sql, int? limit, IEnumerable<NpgsqlParameter> parameters, CancellationToken cancellationToken)
    {
        var rows = new StoredPage(limit);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (!rows.IsCut && await reader.ReadAsync(cancellationToken))
            rows.Take(StoredEvent.Of(reader));
        // Else the server would send what is left.
        if (rows.IsCut)
            command.Cancel();
        return rows;
    }

    /// <returns>What the rows are read as: fewer events where some merge, more where some split.</returns>
    /// <param name="keepUnreadable">Hand out an event that cannot be read as an <see cref="UnreadableEvent"/>.</param>
    /// <exception cref="EventDataException">An event cannot be read as its type, and is not to be kept.</exception>
    public async ValueTask<List<RecordedEvent>> Decode(
        StoredPage rows, CancellationToken cancellationToken, bool keepUnreadable = false)
    {
        var events = new List<RecordedEvent>(rows.Count);
        var pending = false;
        foreach (var row in rows)
        {
            var recorded = Decode(row, keepUnreadable);
            pending |= EventResolving.Needs(recorded);
            events.Add(recorded);
        }
        return pending ? await resolving.Resolve(events, keepUnreadable, cancellationToken) : events;
    }

    /// <summary>
    /// Makes events of rows that are still on their way, as soon as they are there, on a thread of its own.
    /// </summary>
    /// <inheritdoc cref="Decode(StoredPage, CancellationToken, bool)"/>
    public async Task<List<RecordedEvent>> DecodeAfter(
        Task<StoredPage> fetching, CancellationToken cancellationToken)
    {
        await ((Task)fetching).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await Decode(await fetching, cancellationToken);
    }

    private RecordedEvent Decode(StoredEvent row, bool keepUnreadable)
    {
        object data;
        try
        {
            data = serializer.Decode(row.Type, row.SchemaVersion, row.Json);
        }
        catch (EventDataException e)
        {
            var error = new EventDataException(row.Stream, row.Version, row.Position, row.Type, e);
            data = keepUnreadable ? new UnreadableEvent(row.Type, error) : throw error;
        }
        return new RecordedEvent(
            row.Position, row.EventId, row.Stream, row.Version, row.Type, row.SchemaVersion, data, row.Metadata)
        {
            Tags = row.Tags ?? [],
        };
    }
}
