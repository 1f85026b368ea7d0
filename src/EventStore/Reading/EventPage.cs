using EventStore.Evolution;
using EventStore.Serialization;
using Npgsql;

namespace EventStore.Reading;

/// <summary>Reads pages of whole events.</summary>
internal sealed class EventPage(NpgsqlDataSource dataSource, EventSerializer serializer, EventResolving resolving)
{
    /// <summary>One round trip. The statement's columns are those of <c>Reading/read_log.sql</c>.</summary>
    /// <param name="keepUnreadable">Hand out an event that cannot be read as an <see cref="UnreadableEvent"/>.</param>
    /// <exception cref="EventDataException">An event cannot be read as its type, and is not to be kept.</exception>
    public async Task<PageRead> Read(
        string sql,
        int limit,
        IEnumerable<NpgsqlParameter> parameters,
        CancellationToken cancellationToken,
        bool keepUnreadable = false)
    {
        var events = new List<RecordedEvent>(Math.Min(limit, 1024));
        // The connection is given back before another is asked for.
        var pending = await Fetch(sql, events, parameters, keepUnreadable, cancellationToken);
        return events.Count == 0
            ? new PageRead(events, 0, 0, 0)
            : new PageRead(
                pending ? await resolving.Resolve(events, keepUnreadable, cancellationToken) : events,
                events.Count,
                events[^1].Position,
                events[^1].Version);
    }

    /// <returns>Whether some of the events have to be resolved yet.</returns>
    private async Task<bool> Fetch(
        string sql,
        List<RecordedEvent> events,
        IEnumerable<NpgsqlParameter> parameters,
        bool keepUnreadable,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var pending = false;
        while (await reader.ReadAsync(cancellationToken))
        {
            var recorded = Decode(reader, keepUnreadable);
            pending |= EventResolving.Needs(recorded);
            events.Add(recorded);
        }
        return pending;
    }

    private RecordedEvent Decode(NpgsqlDataReader row, bool keepUnreadable)
    {
        var (position, version, schemaVersion) = (row.GetInt64(0), row.GetInt64(1), row.GetInt32(5));
        var (stream, type) = (row.GetString(6), row.GetString(7));
        var metadata = new EventMetadata(
            row.GetGuid(4),
            row.GetString(8),
            new DateTimeOffset(row.GetDateTime(2), TimeSpan.Zero),
            Text(row, 9),
            Text(row, 10),
            Text(row, 11),
            Text(row, 12));
        var eventId = row.GetGuid(3);
        IReadOnlyList<string> tags = row.IsDBNull(13) ? [] : row.GetFieldValue<string[]>(13);
        try
        {
            var data = serializer.Decode(type, schemaVersion, row.GetFieldValue<byte[]>(14));
            return Make(data);
        }
        catch (EventDataException e)
        {
            var error = new EventDataException(stream, version, position, type, e);
            return keepUnreadable ? Make(new UnreadableEvent(type, error)) : throw error;
        }

        RecordedEvent Make(object data) =>
            new(position, eventId, stream, version, type, schemaVersion, data, metadata) { Tags = tags };
    }

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>A page as it was asked for.</summary>
/// <param name="Events">What the stored events are read as: fewer where some merge, more where some split.</param>
/// <param name="Stored">Stored events on the page.</param>
/// <param name="LastPosition">Of the last stored event.</param>
/// <param name="LastVersion">Of the last stored event, in its stream.</param>
internal readonly record struct PageRead(
    IReadOnlyList<RecordedEvent> Events, int Stored, long LastPosition, long LastVersion);
