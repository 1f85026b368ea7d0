using Npgsql;
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

/// <summary>An action as it was recorded.</summary>
internal sealed record ActionView(
    long Id, DateTime At, string Who, string FromWhere, string Action, string Scope, string? Resource, long Messages,
    Guid[] MessageIds);

/// <summary>
/// Records every action: who, what, when and on which messages. Recorded with its effect, or not at all; where the
/// effect is in another database, before it.
/// </summary>
internal sealed class ActionLog([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private static readonly string RecordAction = Sql.Beside<ActionLog>("record-action");
    private static readonly string RecordMessages = Sql.Beside<ActionLog>("record-messages");

    /// <summary>Records it in the transaction that carries it out; messages are added as they become known.</summary>
    public static async Task<long> Record(
        NpgsqlTransaction transaction, Operator who, OperatorAction action, CancellationToken cancellationToken,
        params Guid[] messages)
    {
        await using var record = transaction.Command(
            RecordAction, who.Name, who.Where, action.Kind, action.Scope, action.Resource);
        var id = (long)(await record.ExecuteScalarAsync(cancellationToken))!;
        if (messages.Length > 0)
        {
            await using var add = transaction.Command(RecordMessages, id, messages);
            await add.ExecuteNonQueryAsync(cancellationToken);
        }

        return id;
    }

    /// <summary>Records an action whose effect is elsewhere, before it is carried out.</summary>
    public async Task Record(Operator who, OperatorAction action, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Record(transaction, who, action, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

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
                row.GetString(5), row.Maybe<string>(6), row.GetInt64(7), row.GetFieldValue<Guid[]>(8)),
            cancellationToken);
        return (actions, total);
    }
}
