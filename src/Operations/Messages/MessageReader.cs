using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Operations.Broker;
using Operations.FailedMessages;
using Operations.Http;
using Operations.Storage;

namespace Operations.Messages;

/// <summary>Reads all messages, those that were handled and those that failed, as one list.</summary>
internal sealed class MessageReader(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database, FailedMessageReader failures)
{
    /// <summary>A search, or a span of time, counts no further: "more than" is as good there.</summary>
    private const long MostCounted = 10_000;

    private static readonly string FindPage = Sql.Beside<MessageReader>("find-page");
    private static readonly string CountFound = Sql.Beside<MessageReader>("count-found");
    private static readonly string CountKept = Sql.Beside<MessageReader>("count-kept");
    private static readonly string ReadAudited = Sql.Beside<MessageReader>("read-audited");

    /// <summary>A page, and how many there are: all of a list, up to 10,000 of each kind in a search.</summary>
    public async Task<(List<MessageView> Messages, long Total)> List(
        MessageFilter filter, MessageOrder order, Paging paging, CancellationToken cancellationToken)
    {
        var (failed, audited) = await Count(filter, cancellationToken);
        var keys = await Page(
            filter, order, paging, sortFirst: filter.Query is not null && audited <= MostCounted, cancellationToken);
        return (await Read(keys, cancellationToken), failed + audited);
    }

    /// <summary>
    /// As <see cref="List"/>, but where the text is a message's id, those that have it come before those that mention
    /// it: whoever opens a message finds it on the first page.
    /// </summary>
    public async Task<(List<MessageView> Messages, long Total)> Search(
        MessageFilter filter, MessageOrder order, Paging paging, CancellationToken cancellationToken)
    {
        var (found, total) = await List(filter, order, paging, cancellationToken);
        if (paging.Page > 1 || filter.Words is not { } text)
            return (found, total);
        await using var find = database.CreateCommand(Sql.Beside<MessageReader>("find-named")).With(text);
        var named = await Read(await find.Read(KeyOf, cancellationToken), cancellationToken);
        var all = named.Concat(found).DistinctBy(message => message.Id).Take(paging.Size).ToList();
        return (all, Math.Max(total, all.Count));
    }

    /// <summary>
    /// The message's body, null where it was not kept, and its type; null where there is no such message.
    /// </summary>
    /// <param name="id">As the API names it, or its message id.</param>
    public async Task<(byte[]? Body, string? ContentType)?> Body(string id, CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand(Sql.Beside<MessageReader>("find-body")).With(
            Sql.Typed(NpgsqlDbType.Uuid, Guid.TryParse(id, out var known) ? known : null), id);
        var found = await find.Read(row => (row.Maybe<byte[]>(0), row.Maybe<string>(1)), cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>How many messages the endpoint handled on each day.</summary>
    public async Task<List<AuditCount>> Days(string endpoint, CancellationToken cancellationToken)
    {
        await using var count = database.CreateCommand(Sql.Beside<MessageReader>("count-days")).With(endpoint);
        return await count.Read(
            row => new AuditCount(row.GetDateTime(0), row.GetInt64(1)), cancellationToken);
    }

    /// <summary>In the word that ServicePulse knows.</summary>
    public static string IntentOf(IReadOnlyDictionary<string, string> headers) =>
        headers.GetValueOrDefault(HeaderNames.MessageIntent)?.ToLowerInvariant() ?? "send";

    private async Task<(long Failed, long Audited)> Count(MessageFilter filter, CancellationToken cancellationToken)
    {
        List<object?> values = [];
        var sql = CountKept;
        if (filter.IsCounted)
        {
            values.Add(Sql.Typed(
                NpgsqlDbType.Text, string.IsNullOrWhiteSpace(filter.Endpoint) ? null : filter.Endpoint));
        }
        else
        {
            values.Add(MostCounted + 1);
            sql = CountFound.Replace("{filter}", filter.Where(values), StringComparison.Ordinal);
        }

        await using var count = database.CreateCommand(sql).With([.. values]);
        return (await count.Read(row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken))[0];
    }

    private async Task<List<Key>> Page(
        MessageFilter filter, MessageOrder order, Paging paging, bool sortFirst, CancellationToken cancellationToken)
    {
        List<object?> values = [paging.Offset + paging.Size, paging.Offset, (long)paging.Size];
        var sql = FindPage
            .Replace("{filter}", filter.Where(values), StringComparison.Ordinal)
            .Replace("{failed}", order.Failed, StringComparison.Ordinal)
            .Replace("{audited}", order.Audited, StringComparison.Ordinal)
            .Replace("{direction}", order.Direction, StringComparison.Ordinal)
            .Replace("{way}", order.Direction.Split(' ')[0], StringComparison.Ordinal)
            .Replace("{materialized}", sortFirst ? "materialized" : "not materialized", StringComparison.Ordinal);
        await using var find = database.CreateCommand(sql).With([.. values]);
        return await find.Read(KeyOf, cancellationToken);
    }

    /// <summary>The messages of these keys, in their order.</summary>
    private async Task<List<MessageView>> Read(List<Key> keys, CancellationToken cancellationToken)
    {
        Dictionary<Guid, MessageView> found = [];
        var audited = keys.FindAll(key => key.Day is not null);
        if (audited.Count > 0)
        {
            await using var read = database.CreateCommand(ReadAudited).With(
                audited.Select(key => key.Day!.Value).ToArray(), audited.Select(key => key.Id).ToArray());
            foreach (var (id, message) in await read.Read(row => (row.GetGuid(0), View(row)), cancellationToken))
                found[id] = message;
        }

        var failed = keys.Where(key => key.Day is null).Select(key => key.Id).ToArray();
        foreach (var message in await failures.Messages(failed, cancellationToken))
            found[message.Id] = message;
        return [.. keys.Where(key => found.ContainsKey(key.Id)).Select(key => found[key.Id])];
    }

    private static Key KeyOf(NpgsqlDataReader row) =>
        new(row.IsDBNull(0) ? null : row.GetFieldValue<DateOnly>(0), row.GetGuid(1));

    private static MessageView View(NpgsqlDataReader row)
    {
        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(19))!;
        var id = row.GetGuid(1);
        return new MessageView(
            id,
            row.Maybe<string>(2),
            row.Maybe<string>(3),
            FailedMessageRow.Endpoint(row, 4),
            FailedMessageRow.Endpoint(row, 7),
            row.IsDBNull(10) ? null : row.GetDateTime(10),
            row.GetDateTime(11),
            TimeSpan.FromMicroseconds(row.GetInt64(12)),
            TimeSpan.FromMicroseconds(row.GetInt64(13)),
            TimeSpan.FromMicroseconds(row.GetInt64(14)),
            row.GetBoolean(15),
            row.Maybe<string>(16),
            [.. headers.Select(header => new HeaderView(header.Key, header.Value))],
            row.GetBoolean(17) ? MessageStatus.ResolvedSuccessfully : MessageStatus.Successful,
            IntentOf(headers),
            $"/messages/{id}/body",
            row.GetInt32(18),
            "")
        {
            InvokedSagas = SagaHeaders.Invoked(headers),
            OriginatesFromSaga = SagaHeaders.Originating(headers),
        };
    }

    /// <summary>Where a message is: handled ones are kept by day, failed ones are not.</summary>
    private sealed record Key(DateOnly? Day, Guid Id);
}

/// <summary>How many messages were handled on a day.</summary>
internal sealed record AuditCount(DateTime UtcDate, long Count);
