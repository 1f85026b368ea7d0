using Npgsql;
using Operations.Groups;
using Operations.Http;
using Operations.Messages;
using Operations.Storage;

namespace Operations.FailedMessages;

/// <summary>Reads failed messages.</summary>
internal sealed class FailedMessageReader([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private static readonly string ListMessages = Sql.Beside<FailedMessageReader>("list-messages");
    private static readonly string CountMessages = Sql.Beside<FailedMessageReader>("count-messages");

    public async Task<long> Count(FailedMessageFilter filter, CancellationToken cancellationToken)
    {
        List<object?> values = [];
        var sql = CountMessages.Replace("{filter}", filter.Where(values), StringComparison.Ordinal);
        await using var command = database.CreateCommand(sql).With([.. values]);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<List<FailedMessageView>> List(
        FailedMessageFilter filter, string order, Paging paging, CancellationToken cancellationToken)
    {
        List<object?> values = [paging.Offset, (long)paging.Size];
        var rows = await Rows(filter.Where(values), order, values, cancellationToken);
        return rows.ConvertAll(row => row.View);
    }

    /// <summary>The message with headers; null where there is none of this id.</summary>
    public async Task<FailedMessageRow?> Find(Guid id, CancellationToken cancellationToken) =>
        (await Rows("m.id = $3", "m.id", [0L, 1L, id], cancellationToken)).FirstOrDefault();

    /// <summary>The messages of these ids, in no order, as the list of all messages shows them.</summary>
    public async Task<List<MessageView>> Messages(Guid[] ids, CancellationToken cancellationToken) =>
        ids.Length == 0
            ? []
            : (await Rows("m.id = any ($3)", "m.id", [0L, (long)ids.Length, ids], cancellationToken))
            .ConvertAll(row => row.AsMessage());

    /// <summary>The message with every failure of it.</summary>
    public async Task<FailedMessageDetail?> Detail(Guid id, CancellationToken cancellationToken)
    {
        if (await Find(id, cancellationToken) is not { } message)
            return null;
        await using var attempts =
            database.CreateCommand(Sql.Beside<FailedMessageReader>("message-attempts")).With(id);
        await using var groups = database.CreateCommand(Sql.Beside<FailedMessageReader>("message-groups")).With(id);
        var failures = await attempts.Read(
            row => new AttemptView(
                row.GetDateTime(0),
                message.View.MessageId,
                new FailureView(
                    message.View.QueueAddress,
                    row.GetDateTime(0),
                    new ExceptionView(row.Maybe<string>(1), row.Maybe<string>(2), null, row.Maybe<string>(3))),
                null),
            cancellationToken);
        if (failures.Count > 0)
            failures[^1] = failures[^1] with { Headers = message.Headers };
        return new FailedMessageDetail(
            id,
            id,
            message.View.Status,
            failures,
            await groups.Read(
                row => new GroupView(row.GetGuid(0), row.GetString(1), ((Classifier)row.GetInt16(2)).Name()),
                cancellationToken));
    }

    /// <summary>The body of the last attempt and its content type; null where there is no such message.</summary>
    public async Task<(byte[] Body, string? ContentType)?> Body(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql.Beside<FailedMessageReader>("message-body")).With(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetFieldValue<byte[]>(0), reader.Maybe<string>(1))
            : null;
    }

    public async Task<List<QueueView>> Queues(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql.Beside<FailedMessageReader>("failed-queues"));
        return await command.Read(row => new QueueView(row.GetString(0), (int)row.GetInt64(1)), cancellationToken);
    }

    /// <summary>Unresolved messages by endpoint, host and type.</summary>
    public async Task<Dictionary<string, Dictionary<string, long>>> Summary(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql.Beside<FailedMessageReader>("summary"));
        var rows = await command.Read(
            row => (Set: row.GetInt32(0), Name: row.GetString(1), Count: row.GetInt64(2)), cancellationToken);
        return new()
        {
            ["Endpoints"] = Of(0b011),
            ["Hosts"] = Of(0b101),
            ["Message types"] = Of(0b110),
        };

        Dictionary<string, long> Of(int set) =>
            rows.Where(row => row.Set == set).ToDictionary(row => row.Name, row => row.Count);
    }

    private async Task<List<FailedMessageRow>> Rows(
        string filter, string order, List<object?> values, CancellationToken cancellationToken)
    {
        var sql = ListMessages
            .Replace("{filter}", filter, StringComparison.Ordinal)
            .Replace("{order}", order, StringComparison.Ordinal);
        await using var command = database.CreateCommand(sql).With([.. values]);
        return await command.Read(FailedMessageRow.Read, cancellationToken);
    }
}
