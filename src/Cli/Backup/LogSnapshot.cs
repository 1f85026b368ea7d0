using System.Data;
using Npgsql;

namespace Cli.Backup;

/// <summary>
/// The database as it is at one moment. pg_dump's workers read the same moment under its name, for as long as this is
/// open; nobody waits for it, and it waits for nobody.
/// </summary>
internal sealed class LogSnapshot : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private LogSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, string name, LogFacts facts)
    {
        (this.connection, this.transaction, Name, Facts) = (connection, transaction, name, facts);
    }

    public string Name { get; }

    public LogFacts Facts { get; }

    public static async Task<LogSnapshot> Take(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var statement = new NpgsqlCommand(Sql.Read("take-snapshot"), connection);
            await using var row = await statement.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return new LogSnapshot(
                connection,
                transaction,
                row.GetString(0),
                new LogFacts(
                    row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetInt32(3), row.GetGuid(4), row.GetInt64(5),
                    row.GetInt64(6), row.GetFieldValue<string[]>(7)));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Rows of each table, read while pg_dump works; once through every table.</summary>
    public Task<IReadOnlyDictionary<string, long>> Count(CancellationToken cancellationToken) =>
        Tables.Count(connection, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}

/// <inheritdoc cref="BackupManifest"/>
internal sealed record LogFacts(
    DateTimeOffset TakenAt, string Database, int Server, Guid Log, long Head, long Drawn, IReadOnlyList<string> Roles);

/// <summary>What is in the tables of a database.</summary>
internal static class Tables
{
    /// <summary>Rows of each table outside of PostgreSQL's own schemas, by qualified name.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> Count(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var statement = new NpgsqlCommand(Sql.Read("count-rows"), connection) { CommandTimeout = 0 };
        await using var rows = await statement.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
            counts.Add(rows.GetString(0), rows.GetInt64(1));
        return counts;
    }
}
