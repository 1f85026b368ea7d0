using System.Text.Json;
using Npgsql;
using Operations.Broker;
using Operations.EventLog;
using Operations.FailedMessages;
using Operations.Redirects;
using Operations.Storage;

namespace Operations.Bulk;

/// <summary>
/// Returns failed messages to their queues. Each batch is staged in one transaction, published, and marked when the
/// broker has confirmed it; after a crash what is still staged is published again. So nothing is lost, and what the
/// crash left unmarked (one batch at most) arrives twice, with the id it always had: the endpoint's inbox handles it
/// once.
/// </summary>
internal sealed class RetryRun(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
    Forwarder forwarder,
    RedirectStore redirects,
    OperationsSettings settings)
{
    private static readonly string ReadStaged = Sql.Beside<RetryRun>("read-staged");
    private static readonly string MarkReturned = Sql.Beside<RetryRun>("mark-returned");
    private static readonly string ReopenRefused = Sql.Beside<RetryRun>("reopen-refused");

    /// <summary>Does the next piece of it.</summary>
    public async Task Step(BulkOperation operation, CancellationToken cancellationToken)
    {
        switch (operation.State)
        {
            case OperationState.Waiting:
                await OperationSteps.Prepare(database, operation, cancellationToken);
                return;
            case OperationState.Preparing:
                var taken = await OperationSteps.Take(
                    database, operation, settings.OperationBatch, (short)FailedMessageStatus.RetryIssued,
                    OperationState.Preparing, cancellationToken);
                if (taken < settings.OperationBatch)
                    await Proceed(operation, cancellationToken);
                return;
            case OperationState.Forwarding:
                await Forward(operation, cancellationToken);
                return;
            default:
                throw new InvalidOperationException($"Operation {operation.Id} is {operation.State}: nothing to do.");
        }
    }

    private async Task Proceed(BulkOperation operation, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await OperationSteps.Advance(
            transaction, operation, OperationState.Forwarding, 0, 0, 0, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task Forward(BulkOperation operation, CancellationToken cancellationToken)
    {
        var routes = await redirects.Routes(cancellationToken);
        await using var read = database.CreateCommand(ReadStaged)
            .With(operation.Id, (long)settings.OperationBatch, (long)settings.BatchBytes);
        var staged = await read.Read(
            row => ReturnedMessage.Of(
                row.GetGuid(0),
                routes.GetValueOrDefault(row.GetString(1), row.GetString(1)),
                JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(2))!,
                row.GetFieldValue<byte[]>(3),
                settings.ErrorQueue),
            cancellationToken);
        if (staged.Count == 0)
        {
            await Complete(operation, cancellationToken);
            return;
        }

        var result = await forwarder.Send(staged, cancellationToken);
        await Mark(operation, result, cancellationToken);
        if (result.Lost is { } lost)
            throw new IOException($"the broker did not answer for all messages: {lost.Message}", lost);
    }

    private async Task Mark(BulkOperation operation, ForwardingResult result, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.Execute(MarkReturned, cancellationToken, operation.Id, result.Confirmed.ToArray());
        if (result.Refused.Count > 0)
        {
            await transaction.Execute(ReopenRefused, cancellationToken, operation.Id, result.Refused.Keys.ToArray());
            foreach (var reason in result.Refused.GroupBy(refused => refused.Value))
            {
                var ids = reason.Select(refused => refused.Key).ToList();
                await EventLogStore.Add(
                    transaction,
                    new LoggedEvent(
                        EventSeverity.Error,
                        LoggedEvent.Recoverability,
                        "MessagesSubmittedForRetryFailed",
                        $"{ids.Count} failed message(s) could not be returned: {reason.Key}")
                    {
                        RelatedTo = LoggedEvent.Messages(ids),
                    },
                    cancellationToken);
            }
        }

        await OperationSteps.Advance(
            transaction, operation, OperationState.Forwarding, 0, result.Confirmed.Count, result.Refused.Count, null,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task Complete(BulkOperation operation, CancellationToken cancellationToken)
    {
        var request = operation.Request;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var picked = request.Scope is OperationScope.SingleMessage or OperationScope.MultipleMessages;
        var count = await OperationSteps.Complete(transaction, operation, acknowledged: picked, cancellationToken);
        await EventLogStore.Add(
            transaction,
            new LoggedEvent(
                EventSeverity.Info,
                LoggedEvent.Recoverability,
                "MessagesSubmittedForRetry",
                request.Originator is { } name
                    ? $"{name} containing {count} message(s) submitted for retry."
                    : $"{count} failed message(s) submitted for retry.")
            {
                RelatedTo = request.Group is null
                    ? LoggedEvent.Messages(request.Ids ?? [])
                    : LoggedEvent.Group(request.RequestId),
            },
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
