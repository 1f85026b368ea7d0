using Npgsql;
using Operations.EventLog;
using Operations.FailedMessages;

namespace Operations.Bulk;

/// <summary>Archives the messages of a group, or restores them, in batches.</summary>
internal sealed class ArchiveRun(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database, OperationsSettings settings)
{
    /// <summary>Does the next piece of it.</summary>
    public async Task Step(BulkOperation operation, CancellationToken cancellationToken)
    {
        if (operation.State == OperationState.Waiting)
        {
            await OperationSteps.Prepare(database, operation, cancellationToken);
            return;
        }

        var status = operation.Request.Kind == OperationKind.Archive
            ? FailedMessageStatus.Archived
            : FailedMessageStatus.Unresolved;
        var taken = await OperationSteps.Take(
            database, operation, settings.OperationBatch, (short)status, OperationState.Preparing, cancellationToken);
        if (taken == 0)
            await Complete(operation, cancellationToken);
    }

    private async Task Complete(BulkOperation operation, CancellationToken cancellationToken)
    {
        var request = operation.Request;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var archived = request.Kind == OperationKind.Archive;
        var count = await OperationSteps.Complete(transaction, operation, acknowledged: !archived, cancellationToken);
        var (type, words) = (archived, request.Group) switch
        {
            (true, _) => ("FailedMessageGroupArchived", $"Deleted {count} message(s) from group: {request.Originator}"),
            (false, not null) =>
                ("FailedMessageGroupUnarchived", $"Restored {count} message(s) from group: {request.Originator}"),
            (false, null) => ("FailedMessagesUnArchived", $"{count} failed message(s) restored"),
        };
        await EventLogStore.Add(
            transaction,
            new LoggedEvent(EventSeverity.Info, LoggedEvent.Recoverability, type, words)
            {
                RelatedTo = request.Group is null ? [] : LoggedEvent.Group(request.RequestId),
            },
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
