using EventStore.Serialization;
using Npgsql;

namespace EventStore.Reading;

/// <summary>Reads pages of whole events.</summary>
internal sealed class EventPage(NpgsqlDataSource dataSource, EventSerializer serializer)
{
    /// <summary>One round trip. The statement's columns are those of <c>Reading/read_log.sql</c>.</summary>
    /// <param name="keepUnreadable">Hand out an event that cannot be read as an <see cref="UnreadableEvent"/>.</param>
    /// <exception cref="EventDataException">An event cannot be read as its type, and is not to be kept.</exception>
    public async Task<List<RecordedEvent>> Read(
        string sql,
        int limit,
        IEnumerable<NpgsqlParameter> parameters,
        CancellationToken cancellationToken,
        bool keepUnreadable = false)
    {
        var events = new List<RecordedEvent>(Math.Min(limit, 1024));
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            events.Add(Decode(reader, keepUnreadable));
        return events;
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
