using Npgsql;
using Operations.Actions;
using Operations.EventLog;
using Operations.FailedMessages;
using Operations.Http;
using Operations.Storage;

namespace Operations.Archiving;

/// <summary>Changes where messages stand at once: archives, restores, marks as resolved.</summary>
internal sealed class Archive([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private static readonly string ChangeStatus = Sql.Beside<Archive>("change-status");

    /// <summary>Archives those that are unresolved.</summary>
    public Task Put(Guid[] ids, Operator who, CancellationToken cancellationToken) => Change(
        ids, FailedMessageStatus.Unresolved, FailedMessageStatus.Archived, null, null, "archive", who,
        changed => new LoggedEvent(
            EventSeverity.Info, LoggedEvent.MessageFailures, "FailedMessageArchived",
            changed.Length == 1 ? "Failed message deleted." : $"{changed.Length} failed messages deleted."),
        cancellationToken);

    /// <summary>Makes those unresolved again that are archived.</summary>
    public Task Restore(Guid[] ids, Operator who, CancellationToken cancellationToken) => Change(
        ids, FailedMessageStatus.Archived, FailedMessageStatus.Unresolved, null, null, "restore", who,
        changed => new LoggedEvent(
            EventSeverity.Info, LoggedEvent.MessageFailures, "FailedMessagesUnArchived",
            $"{changed.Length} failed message(s) restored"),
        cancellationToken);

    /// <summary>Marks pending retries as resolved: nobody will confirm them any more.</summary>
    /// <param name="ids">Which; null for all of the queue and time.</param>
    public Task Resolve(
        Guid[]? ids, string? queue, (DateTime From, DateTime To)? modified, Operator who,
        CancellationToken cancellationToken) => Change(
        ids, FailedMessageStatus.RetryIssued, FailedMessageStatus.Resolved, queue, modified, "resolve", who,
        changed => new LoggedEvent(
            EventSeverity.Info, LoggedEvent.MessageFailures, "MessageFailureResolvedManually",
            changed.Length == 1
                ? "Failed message resolved manually by user"
                : $"{changed.Length} failed messages resolved manually by user"),
        cancellationToken);

    private async Task Change(
        Guid[]? ids, FailedMessageStatus from, FailedMessageStatus to, string? queue,
        (DateTime From, DateTime To)? modified, string action, Operator who, Func<Guid[], LoggedEvent> happened,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var change = transaction.Command(
            ChangeStatus, (short)from, (short)to, ids, queue, modified?.From, modified?.To);
        Guid[] changed = [.. await change.Read(row => row.GetGuid(0), cancellationToken)];
        if (changed.Length == 0)
            return;
        var scope = changed.Length == 1 ? "SingleMessage" : "MultipleMessages";
        await ActionLog.Record(
            transaction, who, new OperatorAction(action, scope, queue), cancellationToken, changed);
        await EventLogStore.Add(
            transaction, happened(changed) with { RelatedTo = LoggedEvent.Messages(changed) }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
