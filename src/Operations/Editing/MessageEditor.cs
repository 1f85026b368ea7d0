using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Operations.Actions;
using Operations.Broker;
using Operations.Bulk;
using Operations.EventLog;
using Operations.FailedMessages;
using Operations.Http;
using Operations.Redirects;
using Operations.Storage;

namespace Operations.Editing;

/// <summary>What became of an edit.</summary>
internal enum EditOutcome
{
    /// <summary>The new message is noted and on its way; the failed one is resolved.</summary>
    Sent,

    /// <summary>Somebody else has edited, retried or archived the message before.</summary>
    Ignored,

    /// <summary>There is no such message.</summary>
    NotFound,

    /// <summary>A header that may not change has changed, or there is no body.</summary>
    Refused,
}

/// <summary>
/// Sends a changed message in place of a failed one. The new message has an id of its own and says which it is an edit
/// of; it is noted in the transaction that resolves the failed one, so of two edits one wins and no crash loses it.
/// </summary>
internal sealed class MessageEditor(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
    Forwarder forwarder,
    RedirectStore redirects,
    BulkOperations operations,
    OperationsSettings settings)
{
    private const long Batch = 50;

    private static readonly string FindForEdit = Sql.Beside<MessageEditor>("find-for-edit");
    private static readonly string AddEdited = Sql.Beside<MessageEditor>("add-edited");
    private static readonly string ReadEdited = Sql.Beside<MessageEditor>("read-edited");
    private static readonly string RemoveEdited = Sql.Beside<MessageEditor>("remove-edited");
    private static readonly string ReopenEdited = Sql.Beside<MessageEditor>("reopen-edited");

    public async Task<EditOutcome> Edit(
        Guid id, string body, IReadOnlyDictionary<string, string> headers, Operator who,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var find = transaction.Command(FindForEdit, id);
        var found = await find.Read(
            row => (
                Status: (FailedMessageStatus)row.GetInt16(0), Queue: row.Maybe<string>(1), Headers: row.GetString(2)),
            cancellationToken);
        if (found is not [var failed])
            return EditOutcome.NotFound;
        if (failed.Status != FailedMessageStatus.Unresolved)
            return EditOutcome.Ignored;
        var original = JsonSerializer.Deserialize<Dictionary<string, string>>(failed.Headers)!;
        if (failed.Queue is null || string.IsNullOrWhiteSpace(body) || LockedHeaders.Changed(original, headers))
            return EditOutcome.Refused;

        await transaction.Execute(
            AddEdited, cancellationToken, Guid.NewGuid(), id, failed.Queue, Json(Edited(id, headers)),
            Encoding.UTF8.GetBytes(body));
        await ActionLog.Record(
            transaction, who, new OperatorAction("edit", "SingleMessage", null), cancellationToken, id);
        await EventLogStore.Add(
            transaction,
            new LoggedEvent(
                EventSeverity.Info, LoggedEvent.MessageFailures, "MessageEditedAndRetried",
                "Failed message edited and submitted for retry")
            {
                RelatedTo = LoggedEvent.Messages([id]),
            },
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        operations.Wake();
        return EditOutcome.Sent;
    }

    /// <summary>Sends what waits; false where nothing does. Called by one worker at a time.</summary>
    public async Task<bool> SendWaiting(CancellationToken cancellationToken)
    {
        await using var read = database.CreateCommand(ReadEdited).With(Batch);
        var routes = new Lazy<Task<Dictionary<string, string>>>(() => redirects.Routes(cancellationToken));
        var edited = await read.Read(
            row => (Id: row.GetGuid(0), Queue: row.GetString(1), Headers: row.GetString(2),
                Body: row.GetFieldValue<byte[]>(3)),
            cancellationToken);
        if (edited.Count == 0)
            return false;
        var redirected = await routes.Value;
        var messages = edited.ConvertAll(message =>
        {
            var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(message.Headers)!;
            headers[HeaderNames.MessageId] = message.Id.ToString();
            return ReturnedMessage.To(
                redirected.GetValueOrDefault(message.Queue, message.Queue), message.Id, headers, message.Body,
                settings.ErrorQueue);
        });
        var result = await forwarder.Send(messages, cancellationToken);
        await Settle(result, cancellationToken);
        if (result.Lost is { } lost)
            throw new IOException($"the broker did not answer for all edited messages: {lost.Message}", lost);
        return true;
    }

    private async Task Settle(ForwardingResult result, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (id, reason) in result.Refused)
        {
            await transaction.Execute(ReopenEdited, cancellationToken, id);
            await EventLogStore.Add(
                transaction,
                new LoggedEvent(
                    EventSeverity.Error, LoggedEvent.Recoverability, "MessagesSubmittedForRetryFailed",
                    $"An edited message could not be sent: {reason}"),
                cancellationToken);
        }

        Guid[] settled = [.. result.Confirmed, .. result.Refused.Keys];
        await transaction.Execute(RemoveEdited, cancellationToken, settled);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A message of its own: failures of the old one are no failures of this.</summary>
    private static Dictionary<string, string> Edited(Guid id, IReadOnlyDictionary<string, string> headers)
    {
        var edited = ReturnedMessage.WithoutFailure(headers);
        edited.Remove(HeaderNames.RetryUniqueMessageId);
        edited[HeaderNames.EditOf] = id.ToString();
        return edited;
    }

    private static NpgsqlParameter Json(Dictionary<string, string> headers) =>
        new() { NpgsqlDbType = NpgsqlDbType.Json, Value = JsonSerializer.Serialize(headers) };
}
