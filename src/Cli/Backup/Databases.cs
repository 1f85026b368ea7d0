using Npgsql;

namespace Cli.Backup;

/// <summary>Databases of one server.</summary>
internal static class Databases
{
    /// <summary>A server under full load may take its time; one that is not there refuses at once.</summary>
    public static NpgsqlConnectionStringBuilder Patient(NpgsqlConnectionStringBuilder server)
    {
        server.Timeout = 30;
        server.CommandTimeout = 120;
        return server;
    }

    /// <summary>
    /// Opens one of them. Without a pool: a database that somebody has open cannot be renamed or dropped.
    /// </summary>
    public static async Task<NpgsqlConnection> Open(
        NpgsqlConnectionStringBuilder server, string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database, Pooling = false }
                .ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>Who has the database open, but for this program: names and how often.</summary>
    public static async Task<IReadOnlyList<string>> Sessions(
        NpgsqlConnectionStringBuilder server, CancellationToken cancellationToken)
    {
        await using var connection = await Open(server, "postgres", cancellationToken);
        await using var statement = new NpgsqlCommand(Sql.Read("sessions"), connection);
        statement.Parameters.Add(new NpgsqlParameter<string> { TypedValue = server.Database! });
        await using var rows = await statement.ExecuteReaderAsync(cancellationToken);
        var sessions = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
            sessions.Add($"{rows.GetString(0)} ({rows.GetInt64(1)} sessions)");
        return sessions;
    }
}
