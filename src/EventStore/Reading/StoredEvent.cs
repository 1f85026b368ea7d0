using Npgsql;

namespace EventStore.Reading;

/// <summary>An event as its row has it. The columns are those of <c>Reading/read_log.sql</c>.</summary>
/// <remarks>A class: a page of structs would be a large object, and those are collected with the whole heap.</remarks>
internal sealed record StoredEvent(
    long Position,
    Guid EventId,
    string Stream,
    long Version,
    string Type,
    int SchemaVersion,
    EventMetadata Metadata,
    string[]? Tags,
    byte[] Json)
{
    public static StoredEvent Of(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetGuid(3),
        row.GetString(6),
        row.GetInt64(1),
        row.GetString(7),
        row.GetInt32(5),
        new EventMetadata(
            row.GetGuid(4),
            row.GetString(8),
            new DateTimeOffset(row.GetDateTime(2), TimeSpan.Zero),
            Text(row, 9),
            Text(row, 10),
            Text(row, 11),
            Text(row, 12)),
        row.IsDBNull(13) ? null : row.GetFieldValue<string[]>(13),
        row.GetFieldValue<byte[]>(14));

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
