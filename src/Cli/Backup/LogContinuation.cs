using EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Cli.Backup;

/// <summary>How a restored log goes on.</summary>
/// <param name="Head">The last event that is back.</param>
/// <param name="Above">
/// New events get positions above this one; what lay between is lost, and no position comes twice.
/// </param>
/// <param name="FailedCommands">Commands that were on their way and are failed now.</param>
/// <param name="OpenedRetries">Failed messages that were being retried, and are to be retried again.</param>
internal sealed record Continuation(Guid Restore, long Head, long Above, long FailedCommands, long OpenedRetries);

/// <summary>The log's note that it was restored, in a stream of its own, closed at once.</summary>
/// <param name="Head">The last position before that is still there.</param>
/// <param name="BackupTakenAt">Null: it came back by other means.</param>
internal sealed record LogRestored(long Head, long Above, DateTimeOffset? BackupTakenAt, string By);

/// <summary>
/// Makes a database that came back from the past fit to go on: whatever says "under way" in it is not under way any
/// more.
/// </summary>
internal static class LogContinuation
{
    private const long SmallestGap = 1_000_000;
    private const long GapPerSecond = 1_000;
    private const string EventName = "log-restored";

    /// <summary>
    /// Everything in one transaction, and then the note in the log. Repeating it leaves a further gap.
    /// </summary>
    /// <param name="seen">The highest position that anything that survived knows of.</param>
    public static async Task<Continuation> Apply(
        NpgsqlConnectionStringBuilder server,
        BackupManifest? manifest,
        long seen,
        long? gap,
        CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = true });
        var by = $"cqrs/{Environment.UserName}";
        Continuation continuation;
        DateTimeOffset since;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            (var head, var drawn, since) = await Look(connection, cancellationToken);
            since = manifest?.TakenAt ?? since;
            var known = Math.Max(Math.Max(drawn, manifest?.Drawn ?? 0), seen);
            var lostSeconds = Math.Max(0, (long)(DateTimeOffset.UtcNow - since).TotalSeconds);
            var above = known + (gap ?? Math.Max(SmallestGap, GapPerSecond * lostSeconds));
            await Scalar(connection, "continue-positions", cancellationToken, above);
            var failed = await Exists(connection, "commandlog.commands", cancellationToken)
                ? await Scalar(connection, "fail-commands", cancellationToken)
                : 0;
            var opened = await Exists(connection, "operations.failed_messages", cancellationToken)
                ? await Scalar(connection, "open-retries", cancellationToken)
                : 0;
            continuation = new Continuation(Guid.CreateVersion7(), head, above, failed, opened);
            await Scalar(connection, "prepare-restores", cancellationToken);
            await Scalar(
                connection, "note-restore", cancellationToken, continuation.Restore, head, above, manifest?.TakenAt, by);
            await transaction.CommitAsync(cancellationToken);
        }
        await Note(database, continuation, manifest?.TakenAt, by, cancellationToken);
        return continuation;
    }

    /// <summary>
    /// With it the head is behind the gap at once: readers that wait for a lost position do not wait for long.
    /// </summary>
    private static async Task Note(
        NpgsqlDataSource database,
        Continuation continuation,
        DateTimeOffset? takenAt,
        string by,
        CancellationToken cancellationToken)
    {
        var stream = $"restore/{continuation.Restore}";
        await using var store = new PostgresEventStore(
            database, new EventTypes().Map<LogRestored>(EventName), new EventStoreOptions { AppendWriters = 1 });
        var metadata = new EventMetadata(continuation.Restore, "$system", DateTimeOffset.UtcNow, User: by);
        var note = new LogRestored(continuation.Head, continuation.Above, takenAt, by);
        await store.Append(
            new AppendRequest([new StreamAppend(stream, ExpectedVersion.NoStream, [note])], metadata), cancellationToken);
        await new StreamTombstones(database).Place(stream, by, "nothing follows", cancellationToken: cancellationToken);
    }

    private static async Task<(long Head, long Drawn, DateTimeOffset LastEventAt)> Look(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var statement = new NpgsqlCommand(Sql.Read("find-end"), connection);
        await using var row = await statement.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2));
    }

    private static async Task<bool> Exists(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var statement = new NpgsqlCommand("select to_regclass($1) is not null", connection);
        statement.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        return (bool)(await statement.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <returns>What the statement answers; 0 where it answers nothing.</returns>
    private static async Task<long> Scalar(
        NpgsqlConnection connection, string name, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var statement = new NpgsqlCommand(Sql.Read(name), connection) { CommandTimeout = 0 };
        foreach (var value in parameters)
        {
            statement.Parameters.Add(value is null
                ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }
                : new NpgsqlParameter { Value = value });
        }
        return await statement.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
    }
}
