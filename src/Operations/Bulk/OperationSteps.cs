using Npgsql;
using NpgsqlTypes;
using Operations.Storage;

namespace Operations.Bulk;

/// <summary>The steps that operations of all kinds have in common; each commits with its progress.</summary>
internal static class OperationSteps
{
    private static readonly string CountSource = Sql.Named("Operations.Bulk.count-source.sql");
    private static readonly string TakeBatch = Sql.Named("Operations.Bulk.take-batch.sql");
    private static readonly string Prepared = Sql.Named("Operations.Bulk.prepare-operation.sql");
    private static readonly string Advanced = Sql.Named("Operations.Bulk.advance-operation.sql");
    private static readonly string Completed = Sql.Named("Operations.Bulk.complete-operation.sql");

    /// <summary>Counts what is before it.</summary>
    public static async Task Prepare(
        NpgsqlDataSource database, BulkOperation operation, CancellationToken cancellationToken)
    {
        var (count, newest) = await Count(database, operation, cancellationToken);
        await database.Execute(
            Prepared, cancellationToken, operation.Id, (int)count, Sql.Typed(NpgsqlDbType.TimestampTz, newest));
    }

    /// <summary>Takes the next batch of messages; 0 when there are no more.</summary>
    /// <param name="status">The status they get.</param>
    public static async Task<int> Take(
        NpgsqlDataSource database, BulkOperation operation, int limit, short status, OperationState state,
        CancellationToken cancellationToken)
    {
        var count = await TakeFrom(database, operation, limit, status, state, cancellationToken);
        // At the end once more from the beginning: a transaction that was open when this passed may have left some.
        return count > 0 || operation.PositionAt is null
            ? count
            : await TakeFrom(
                database, operation with { PositionAt = null, PositionId = null }, limit, status, state,
                cancellationToken);
    }

    private static async Task<int> TakeFrom(
        NpgsqlDataSource database, BulkOperation operation, int limit, short status, OperationState state,
        CancellationToken cancellationToken)
    {
        var retry = operation.Request.Kind == OperationKind.Retry;
        List<object?> values =
        [
            operation.Id, (long)limit, operation.PositionAt ?? DateTime.UnixEpoch, operation.PositionId ?? Guid.Empty,
            status, retry, operation.ActionId,
        ];
        var sql = TakeBatch.Replace("{filter}", SourceFilter.Of(operation, values), StringComparison.Ordinal);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var take = transaction.Command(sql, [.. values]);
        var taken = await take.Read(
            row => (At: row.GetDateTime(0), Id: row.GetGuid(1), Count: (int)row.GetInt64(2)), cancellationToken);
        if (taken is not [var (at, id, count)])
            return 0;
        await Advance(transaction, operation, state, count, retry ? 0 : count, 0, (at, id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    public static Task Advance(
        NpgsqlTransaction transaction, BulkOperation operation, OperationState state, int taken, int done, int skipped,
        (DateTime At, Guid Id)? position, CancellationToken cancellationToken) =>
        transaction.Execute(
            Advanced, cancellationToken, operation.Id, state.ToString().ToLowerInvariant(), taken, done, skipped,
            Sql.Typed(NpgsqlDbType.TimestampTz, position?.At), Sql.Typed(NpgsqlDbType.Uuid, position?.Id));

    /// <summary>Ends it and says how many messages it was.</summary>
    public static async Task<int> Complete(
        NpgsqlTransaction transaction, BulkOperation operation, bool acknowledged, CancellationToken cancellationToken)
    {
        await using var complete = transaction.Command(Completed, operation.Id, acknowledged);
        return (int)(await complete.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<(long Count, DateTime? Newest)> Count(
        NpgsqlDataSource database, BulkOperation operation, CancellationToken cancellationToken)
    {
        List<object?> values = [];
        var sql = CountSource.Replace("{filter}", SourceFilter.Of(operation, values), StringComparison.Ordinal);
        await using var count = database.CreateCommand(sql).With([.. values]);
        var rows = await count.Read(
            row => (row.GetInt64(0), row.IsDBNull(1) ? (DateTime?)null : row.GetDateTime(1)), cancellationToken);
        return rows[0];
    }
}
