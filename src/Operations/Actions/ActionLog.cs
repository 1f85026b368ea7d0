using Npgsql;
using NpgsqlTypes;
using Operations.Http;
using Operations.Storage;

namespace Operations.Actions;

/// <summary>Something that an operator did.</summary>
/// <param name="Kind">Such as <c>retry</c>, <c>archive</c>, <c>edit</c>, <c>pause</c>.</param>
/// <param name="Scope">
/// What it was about: one message, several, a group, an endpoint, a queue, all, a redirect, a projection.
/// </param>
/// <param name="Resource">Which one, where it is not a list of messages.</param>
internal sealed record OperatorAction(string Kind, string Scope, string? Resource);

/// <summary>What became of it.</summary>
internal enum ActionResult
{
    /// <summary>Its effect is there; work on many messages has begun and shows its own progress.</summary>
    Done,

    /// <summary>Not known, or not known yet.</summary>
    Asked,

    /// <summary>It is noted and goes on.</summary>
    Waiting,

    /// <summary>A rule, a role or a limit forbids it.</summary>
    Refused,

    /// <summary>A server was in the way.</summary>
    Failed,
}

/// <summary>An action as it was recorded.</summary>
internal sealed record ActionView(
    long Id, DateTime At, string Who, string FromWhere, string Action, string Scope, string? Resource, long Messages,
    Guid[] MessageIds, string Outcome, string? Detail);

/// <summary>
/// Records every action: who, what, when, on which messages and what became of it. Recorded with its effect, or not at
/// all; where the effect is in another database, before it.
/// </summary>
internal sealed class ActionLog([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private static readonly string RecordAction = Sql.Beside<ActionLog>("record-action");
    private static readonly string RecordMessages = Sql.Beside<ActionLog>("record-messages");
    private static readonly string EndAction = Sql.Beside<ActionLog>("end-action");

    /// <summary>Records it in the transaction that carries it out; messages are added as they become known.</summary>
    public static async Task<long> Record(
        NpgsqlTransaction transaction, Operator who, OperatorAction action, CancellationToken cancellationToken,
        params Guid[] messages)
    {
        await using var record = transaction.Command(RecordAction, Values(who, action, ActionResult.Done, null, null));
        var id = (long)(await record.ExecuteScalarAsync(cancellationToken))!;
        if (messages.Length > 0)
            await transaction.Execute(RecordMessages, cancellationToken, id, messages);

        who.IsRecorded = true;
        return id;
    }

    /// <summary>
    /// Records an action whose effect is elsewhere, before it is carried out; <see cref="End"/> tells the rest.
    /// </summary>
    public async Task<long> Begin(Operator who, OperatorAction action, CancellationToken cancellationToken)
    {
        await using var record = database.CreateCommand(RecordAction)
            .With(Values(who, action, ActionResult.Asked, null, null));
        var id = (long)(await record.ExecuteScalarAsync(cancellationToken))!;
        who.IsRecorded = true;
        return id;
    }

    /// <summary>What became of an action that was begun.</summary>
    public Task End(long id, ActionResult result, string? detail, CancellationToken cancellationToken) =>
        database.Execute(EndAction, cancellationToken, id, Word(result), Text(detail));

    /// <summary>Records what became of an action, afterwards.</summary>
    public Task Record(PastAction past, CancellationToken cancellationToken) => database.Execute(
        RecordAction, cancellationToken, Values(past.Who, past.Action, past.Result, past.Detail, past.At));

    /// <summary>A page of actions, newest first, each with at most a thousand of its messages.</summary>
    public async Task<(List<ActionView> Actions, long Total)> List(Paging paging, CancellationToken cancellationToken)
    {
        await using var count = database.CreateCommand(Sql.Beside<ActionLog>("count-actions"));
        var total = (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        await using var list = database.CreateCommand(Sql.Beside<ActionLog>("list-actions"))
            .With(paging.Offset, (long)paging.Size);
        var actions = await list.Read(
            row => new ActionView(
                row.GetInt64(0), row.GetDateTime(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.GetString(5), row.Maybe<string>(6), row.GetInt64(7), row.GetFieldValue<Guid[]>(8),
                row.GetString(9), row.Maybe<string>(10)),
            cancellationToken);
        return (actions, total);
    }

    private static object?[] Values(
        Operator who, OperatorAction action, ActionResult result, string? detail, DateTimeOffset? at) =>
    [
        who.Name, who.Where, action.Kind, action.Scope, Text(action.Resource), Word(result), Text(detail),
        Sql.Typed(NpgsqlDbType.TimestampTz, at?.UtcDateTime),
    ];

    private static NpgsqlParameter Text(string? value) => Sql.Typed(NpgsqlDbType.Text, value);

    private static string Word(ActionResult result) => result.ToString().ToLowerInvariant();
}
