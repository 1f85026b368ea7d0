using System.Data;
using Npgsql;

namespace EventStore.Archiving;

/// <summary>The statements of this folder on one connection.</summary>
internal sealed class ArchiveStatements(NpgsqlConnection connection)
{
    private const string NotAvailable =
        "Another archiving or restoring of this log is running: wait until it has ended.";

    private static readonly TimeSpan UsersInterval = TimeSpan.FromMilliseconds(20);

    /// <exception cref="InvalidOperationException">Somebody else archives or restores.</exception>
    public async Task Lock(CancellationToken cancellationToken)
    {
        if (!await Scalar<bool>("lock", cancellationToken))
            throw new InvalidOperationException(NotAvailable);
    }

    public async Task Unlock()
    {
        if (connection.State is not ConnectionState.Open)
            return;
        try
        {
            await Scalar<bool>("unlock", CancellationToken.None);
        }
        catch (NpgsqlException) when (connection.State is not ConnectionState.Open)
        {
            // The connection is lost, and the lock with it; what lost it is on its way to the caller.
        }
    }

    public Task<Guid> Identity(CancellationToken cancellationToken) => Scalar<Guid>("identity", cancellationToken);

    /// <summary>The last numbered migration.</summary>
    public async Task<string> Schema(CancellationToken cancellationToken)
    {
        const string Last = "select max(file) from eventstore.migrations where file ~ '/[0-9]'";
        await using var command = new NpgsqlCommand(Last, connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public Task<List<(long From, long To, bool Archived)>> CompletePartitions(CancellationToken cancellationToken) =>
        Rows(
            "complete_partitions",
            row => (row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2)),
            cancellationToken);

    public Task<List<string>> StreamsAtRisk(
        long before, int limit, string behind, CancellationToken cancellationToken) => Rows(
        "streams_at_risk",
        row => row.GetString(0),
        cancellationToken,
        Sql.Number(before),
        new NpgsqlParameter<int> { TypedValue = limit },
        Sql.Text(behind));

    public Task<long> CountAtRisk(long before, CancellationToken cancellationToken) =>
        Scalar<long>("count_at_risk", cancellationToken, Sql.Number(before));

    public async Task Record(
        ArchiveManifest manifest, string directory, string by, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "record",
            [
                Sql.Number(manifest.From), Sql.Number(manifest.To),
                Sql.Number(manifest.First), Sql.Number(manifest.Last),
                Sql.Number(manifest.Events.Rows), Sql.Text(manifest.Events.Sha256), Sql.Text(directory), Sql.Text(by),
            ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<List<(ArchivedPartition Partition, string Sha256)>> Archives(CancellationToken cancellationToken) =>
        Rows(
            "archives",
            row => (
                new ArchivedPartition(
                    row.GetInt64(0), row.GetInt64(1), row.GetInt64(4), row.GetInt64(2), row.GetInt64(3),
                    row.GetString(6), row.GetFieldValue<DateTimeOffset>(7), row.GetString(8)),
                row.GetString(5)),
            cancellationToken);

    public async Task Forget(long from, CancellationToken cancellationToken)
    {
        await using var command = Command("forget", [Sql.Number(from)]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Waits for the transactions that use the log now. One of them may have planned before a table was put into the log:
    /// it goes on without that table, whatever its next statement sees elsewhere.
    /// </summary>
    public async Task OutlastUsers(CancellationToken cancellationToken)
    {
        var users = await Scalar<string[]>("users", cancellationToken);
        while (await Scalar<bool>(
            "is_any_running", cancellationToken, new NpgsqlParameter<string[]> { TypedValue = users }))
            await Task.Delay(UsersInterval, cancellationToken);
    }

    private async Task<T> Scalar<T>(
        string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(statement, parameters);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<List<T>> Rows<T>(
        string statement,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
    {
        await using var command = Command(statement, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    private NpgsqlCommand Command(string statement, NpgsqlParameter[] parameters)
    {
        var command = Sql.Command(connection, $"Archiving/{statement}.sql", parameters);
        command.CommandTimeout = 0;
        return command;
    }
}
