using Npgsql;
using NpgsqlTypes;
using Operations.Actions;
using Operations.Http;
using Operations.Storage;

namespace Operations.Bulk;

/// <summary>Starts operations and tells how far they are. They are carried out by <see cref="BulkWorker"/>.</summary>
internal sealed class BulkOperations([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private static readonly string ListOperations = Sql.Beside<BulkOperations>("list-operations");
    private static readonly string StartOperation = Sql.Beside<BulkOperations>("start-operation");

    private readonly SemaphoreSlim work = new(0, 1);

    /// <summary>
    /// Notes what is asked; it is done soon, also after a crash. The same that is under way is not doubled.
    /// </summary>
    public async Task Start(OperationRequest request, Operator who, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var kind = Name(request.Kind);
        var action = await ActionLog.Record(
            transaction, who, new OperatorAction(kind, request.Scope.ToString(), request.RequestId), cancellationToken);
        await using var start = transaction.Command(
            StartOperation,
            kind,
            request.Scope.ToString(),
            request.RequestId,
            Sql.Typed(NpgsqlDbType.Text, request.Originator),
            (short)request.Source,
            Sql.Typed(NpgsqlDbType.Uuid, request.Group?.Id),
            Sql.Typed(NpgsqlDbType.Smallint, (short?)request.Group?.Classifier),
            Sql.Typed(NpgsqlDbType.Text, request.Queue),
            Sql.Typed(NpgsqlDbType.Array | NpgsqlDbType.Uuid, request.Ids),
            Sql.Typed(NpgsqlDbType.TimestampTz, request.Modified?.From),
            Sql.Typed(NpgsqlDbType.TimestampTz, request.Modified?.To),
            action);
        if (await start.ExecuteScalarAsync(cancellationToken) is null)
            return; // under way already: leaving disposes the transaction, and the action was none
        await transaction.CommitAsync(cancellationToken);
        Wake();
    }

    /// <summary>All that are not done yet, oldest first.</summary>
    public Task<List<BulkOperation>> UnderWay(CancellationToken cancellationToken) =>
        Read("completed_at is null order by id", cancellationToken);

    /// <summary>Those on groups of a classifier that are under way or whose end nobody has acknowledged.</summary>
    public Task<List<BulkOperation>> OnGroups(short classifier, CancellationToken cancellationToken) => Read(
        "scope = 'FailureGroup' and kind <> 'restore' and group_classifier = $1 and not acknowledged order by id",
        cancellationToken,
        classifier);

    /// <summary>The last ten retries that are done, newest first.</summary>
    public Task<List<BulkOperation>> LastRetries(CancellationToken cancellationToken) => Read(
        "kind = 'retry' and completed_at is not null order by completed_at desc limit 10", cancellationToken);

    /// <summary>Retries that are done and whose end nobody has acknowledged.</summary>
    public Task<List<BulkOperation>> UnacknowledgedRetries(CancellationToken cancellationToken) => Read(
        "kind = 'retry' and completed_at is not null and not acknowledged order by id", cancellationToken);

    /// <summary>When each group's last retry ended.</summary>
    public async Task<Dictionary<string, DateTime>> LastGroupRetries(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql.Beside<BulkOperations>("last-group-retries"));
        var rows = await command.Read(row => (Group: row.GetString(0), At: row.GetDateTime(1)), cancellationToken);
        return rows.ToDictionary(row => row.Group, row => row.At);
    }

    /// <summary>The operator has seen that it is done; false where there was nothing to see.</summary>
    public async Task<bool> Acknowledge(string requestId, CancellationToken cancellationToken) =>
        await database.Execute(Sql.Beside<BulkOperations>("acknowledge-operation"), cancellationToken, requestId) > 0;

    /// <summary>Tells the worker of this process that there is something to do.</summary>
    public void Wake()
    {
        // One waiting release is enough: the worker looks for everything there is.
        if (work.CurrentCount == 0)
        {
            try
            {
                work.Release();
            }
            catch (SemaphoreFullException)
            {
                return; // another caller was first
            }
        }
    }

    /// <summary>Waits until there may be something to do, at most so long.</summary>
    public Task<bool> WaitForWork(TimeSpan atMost, CancellationToken cancellationToken) =>
        work.WaitAsync(atMost, cancellationToken);

    private async Task<List<BulkOperation>> Read(
        string filter, CancellationToken cancellationToken, params object?[] values)
    {
        var sql = ListOperations.Replace("{filter}", filter, StringComparison.Ordinal);
        await using var command = database.CreateCommand(sql).With(values);
        return await command.Read(BulkOperation.Read, cancellationToken);
    }

    public static string Name(OperationKind kind) => kind.ToString().ToLowerInvariant();
}
