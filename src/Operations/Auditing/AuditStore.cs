using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Operations.Broker;
using Operations.Intake;
using Operations.Storage;

namespace Operations.Auditing;

/// <summary>Keeps what was handled: each batch in one transaction, each message exactly once.</summary>
internal sealed class AuditStore(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database, AuditDays days,
    OperationsSettings settings)
{
    private static readonly string RecordAudited = Sql.Beside<AuditStore>("record-audited");
    private static readonly string RecordChanges = Sql.Beside<AuditStore>("record-changes");

    /// <summary>Stores all, or nothing. Storing the same again changes nothing.</summary>
    /// <param name="resolved">Failed messages that were handled after their return, by endpoints that do not say so
    /// themselves.</param>
    /// <exception cref="NpgsqlException">The database is away or refuses.</exception>
    public async Task Record(
        IReadOnlyList<AuditedMessage> messages, IReadOnlyList<SagaChange> changes, IReadOnlyList<Guid> resolved,
        CancellationToken cancellationToken)
    {
        await days.Prepare(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (messages.Count > 0)
            batch.BatchCommands.Add(Statement(messages));
        if (changes.Count > 0)
            batch.BatchCommands.Add(Statement(changes));
        if (resolved.Count > 0)
            batch.BatchCommands.Add(FailureStore.Resolve(resolved));
        if (batch.BatchCommands.Count == 0)
            return;
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private NpgsqlBatchCommand Statement(IReadOnlyList<AuditedMessage> messages)
    {
        var statement = new NpgsqlBatchCommand(RecordAudited);
        Add(NpgsqlDbType.Date, message => message.Day);
        Add(NpgsqlDbType.Uuid, message => message.Id);
        Add(NpgsqlDbType.Uuid, message => message.UniqueId);
        Text(message => message.MessageId);
        Text(message => message.MessageType);
        Add(NpgsqlDbType.Boolean, message => message.IsSystemMessage);
        Add(NpgsqlDbType.Boolean, message => message.IsRetried);
        Text(message => message.Text(HeaderNames.ConversationId));
        Add(NpgsqlDbType.TimestampTz, message => message.TimeSent);
        Add(NpgsqlDbType.TimestampTz, message => message.ProcessedAt);
        Add(NpgsqlDbType.Bigint, message => message.CriticalTime);
        Add(NpgsqlDbType.Bigint, message => message.ProcessingTime);
        Add(NpgsqlDbType.Bigint, message => message.DeliveryTime);
        Endpoint(message => message.Sender);
        Endpoint(message => message.Receiver);
        Text(message => message.Text(HeaderNames.ContentType));
        Add(NpgsqlDbType.Integer, message => message.Body.Length);
        Text(message => JsonSerializer.Serialize(message.Headers));
        Add(
            NpgsqlDbType.Bytea,
            message => message.Body.Length is var size && size > 0 && size <= settings.MaxBodySizeToStore
                ? message.Body.ToArray()
                : null);
        Text(message => string.Join(' ', SearchWords.Of(message.Headers, message.MessageType, message.Body.Span)));
        return statement;

        void Add<T>(NpgsqlDbType type, Func<AuditedMessage, T> value) =>
            statement.Parameters.Add(Column(type, messages, value));
        void Text(Func<AuditedMessage, string?> value) => Add(NpgsqlDbType.Text, value);
        void Endpoint(Func<AuditedMessage, EndpointAddress?> endpoint)
        {
            Text(message => Failure.Clean(endpoint(message)?.Name));
            Text(message => Failure.Clean(endpoint(message)?.Host));
            Add(NpgsqlDbType.Uuid, message => endpoint(message)?.HostId);
        }
    }

    private static NpgsqlBatchCommand Statement(IReadOnlyList<SagaChange> changes) => new(RecordChanges)
    {
        Parameters =
        {
            Column(NpgsqlDbType.Uuid, changes, change => change.SagaId),
            Column(NpgsqlDbType.Uuid, changes, change => change.Id),
            Column(NpgsqlDbType.Text, changes, change => change.SagaType),
            Column(NpgsqlDbType.Text, changes, change => change.Endpoint),
            Column(NpgsqlDbType.Smallint, changes, change => (short)change.Status),
            Column(NpgsqlDbType.TimestampTz, changes, change => change.StartedAt),
            Column(NpgsqlDbType.TimestampTz, changes, change => change.FinishedAt),
            Column(NpgsqlDbType.Text, changes, change => change.State),
            Column(NpgsqlDbType.Text, changes, change => change.Initiating),
            Column(NpgsqlDbType.Text, changes, change => change.Outgoing),
        },
    };

    private static NpgsqlParameter Column<TRow, TValue>(
        NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(rows[i]);
        return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };
    }
}
