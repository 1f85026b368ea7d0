using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Operations.Auditing;
using Operations.Broker;
using Operations.Groups;
using Operations.Storage;

namespace Operations.Intake;

/// <summary>Stores failures and acknowledgements, each batch in one transaction, each failure exactly once.</summary>
internal sealed class FailureStore([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private const int KnownGroups = 10_000;

    private static readonly string RecordFailure = Sql.Beside<FailureStore>("record-failure");
    private static readonly string RecordGroups = Sql.Beside<FailureStore>("record-groups");
    private static readonly string ResolveRetried = Sql.Beside<FailureStore>("resolve-retried");

    // Groups that are in the database for certain: they are few, and most failures belong to them.
    private readonly HashSet<Guid> known = [];

    /// <summary>Stores both, or nothing. Storing the same again changes nothing.</summary>
    /// <param name="acknowledged">Messages that were handled after they had been returned to their queue.</param>
    /// <exception cref="NpgsqlException">The database is away or refuses.</exception>
    public async Task Record(
        IReadOnlyList<Failure> failures, IReadOnlyList<Guid> acknowledged, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var groups = NewGroups(failures);
        if (groups.Count > 0)
            await Name(groups, transaction, cancellationToken);

        if (failures.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            // In the order of their ids, so that two instances never wait for each other; failures of one message stay
            // in the order they came in.
            foreach (var failure in failures.OrderBy(failure => failure.Id))
                batch.BatchCommands.Add(Statement(failure));
            await batch.PrepareAsync(cancellationToken);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        if (acknowledged.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection, transaction)
            {
                BatchCommands = { Resolve(acknowledged) },
            };
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        Remember(groups);
    }

    /// <summary>Messages that were handled after their return are resolved.</summary>
    public static NpgsqlBatchCommand Resolve(IReadOnlyList<Guid> acknowledged) => new(ResolveRetried)
    {
        Parameters = { new NpgsqlParameter { Value = acknowledged.Distinct().Order().ToArray() } },
    };

    private List<MessageGroup> NewGroups(IReadOnlyList<Failure> failures)
    {
        lock (known)
        {
            return
            [
                .. failures.SelectMany(failure => Enum.GetValues<Classifier>().Select(failure.Group))
                    .OfType<MessageGroup>().Where(group => !known.Contains(group.Id)).DistinctBy(group => group.Id),
            ];
        }
    }

    private void Remember(List<MessageGroup> groups)
    {
        lock (known)
        {
            if (known.Count > KnownGroups)
                known.Clear();
            known.UnionWith(groups.Select(group => group.Id));
        }
    }

    private static Task Name(
        List<MessageGroup> groups, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Execute(
            RecordGroups,
            cancellationToken,
            groups.Select(group => group.Id).ToArray(),
            groups.Select(group => (short)group.Classifier).ToArray(),
            groups.Select(group => group.Title).ToArray());

    private static NpgsqlBatchCommand Statement(Failure failure)
    {
        var statement = new NpgsqlBatchCommand(RecordFailure);
        Uuid(failure.Id);
        Uuid(failure.AttemptKey);
        Time(failure.FailedAt);
        Text(failure.Text(HeaderNames.ExceptionType));
        Text(failure.Text(HeaderNames.ExceptionMessage));
        Text(failure.Text(HeaderNames.StackTrace));
        Text(failure.MessageId);
        Text(failure.MessageType);
        Add(NpgsqlDbType.Boolean, failure.IsSystemMessage);
        Text(failure.Text(HeaderNames.ConversationId));
        Time(failure.TimeSent);
        Endpoint(failure.Sender);
        Endpoint(failure.Receiver);
        Text(failure.Queue);
        Text(failure.Text(HeaderNames.EditOf));
        Add(NpgsqlDbType.Integer, failure.Body.Length);
        Text(failure.Text(HeaderNames.ContentType));
        foreach (var classifier in Enum.GetValues<Classifier>())
            Uuid(failure.Group(classifier)?.Id);
        Add(NpgsqlDbType.Json, JsonSerializer.Serialize(failure.Headers));
        Add(NpgsqlDbType.Bytea, failure.Body);
        Text(string.Join(' ', SearchWords.Of(failure.Headers, failure.MessageType, failure.Body.Span)));
        return statement;

        void Add(NpgsqlDbType type, object? value) =>
            statement.Parameters.Add(Sql.Typed(type, value));
        void Uuid(Guid? value) => Add(NpgsqlDbType.Uuid, value);
        void Text(string? value) => Add(NpgsqlDbType.Text, value);
        void Time(DateTime? value) => Add(NpgsqlDbType.TimestampTz, value);
        void Endpoint(EndpointAddress? endpoint)
        {
            Text(Failure.Clean(endpoint?.Name));
            Text(Failure.Clean(endpoint?.Host));
            Uuid(endpoint?.HostId);
        }
    }
}
