using Npgsql;

namespace EventStore.Tombstones;

/// <summary>The statements of this folder on one connection.</summary>
internal sealed class TombstoneStatements(NpgsqlConnection connection)
{
    private static readonly string TombstonesSql = Sql.Read("Tombstones/tombstones.sql");

    /// <summary>The tombstones of those of the streams that have one.</summary>
    public static async Task<Dictionary<string, StreamTombstoned>> Of(
        NpgsqlConnection connection, string[] streams, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TombstonesSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = streams });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, StreamTombstoned>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0), new StreamTombstoned(
                reader.GetString(0),
                reader.GetInt64(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4)));
        }
        return found;
    }

    public async Task<(long Id, long Version, bool IsClosed)?> Lock(string stream, CancellationToken cancellationToken)
    {
        await using var command = Command("lock_stream", Sql.Text(stream));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2))
            : null;
    }

    /// <returns>Null: there is no such stream. No tenant: its newest event is archived.</returns>
    public async Task<(long Version, string? Tenant)?> Find(string stream, CancellationToken cancellationToken)
    {
        await using var command = Command("open_stream", Sql.Text(stream));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1))
            : null;
    }

    public async Task Close(
        long streamId,
        Appended tombstone,
        DateTimeOffset at,
        string by,
        string? reason,
        CancellationToken cancellationToken)
    {
        await using var command = Command(
            "close_stream", Sql.Number(streamId), Sql.Number(tombstone.Position), Sql.Number(tombstone.Versions[0]),
            new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime }, Sql.Text(by), Sql.Text(reason));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<string>> Keys(string owner, CancellationToken cancellationToken)
    {
        await using var command = Command("keys_of_owner", Sql.Text(owner));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            keys.Add(reader.GetString(0));
        return keys;
    }

    public async Task ReleaseKeys(string owner, CancellationToken cancellationToken)
    {
        await using var command = Command("release_keys", Sql.Text(owner));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Wakes subscriptions.</summary>
    public async Task Announce(CancellationToken cancellationToken)
    {
        await using var command = Sql.Command(connection, "Subscribing/announce.sql");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string statement, params NpgsqlParameter[] parameters) =>
        Sql.Command(connection, $"Tombstones/{statement}.sql", parameters);
}
