using System.Data;
using Npgsql;
using Portable.Messaging.Outbox;
using Portable.Messaging.Sagas;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Outbox and sagas of one endpoint in PostgreSQL. Beside its handlers' own, a message costs one round trip in
/// its transaction, which stores the outbox and commits, and one more where it has sagas to load, which also begins it.
/// Whether the message was handled before is asked for many messages at once, before their transactions begin. The
/// outbox row comes last, so that no transaction id is held while handlers run.</summary>
internal sealed class SqlStorage
{
    /// <summary>Written where NServiceBus writes its own version; both read either.</summary>
    public const string PersistenceVersion = "9.0.3";

    private const int LongestPrefix = 20;

    private readonly IsolationLevel isolation;

    public SqlStorage(
        SqlPersistence settings, OutboxSettings? outbox, string endpointName, IEnumerable<SagaModel> sagas)
    {
        if (settings.DialectSettings?.Dialect is not SqlDialect.PostgreSql dialect)
        {
            throw new InvalidOperationException(
                "The SQL persistence needs its dialect: persistence.SqlDialect<SqlDialect.PostgreSql>().");
        }

        if (settings.ConnectionBuilder is null)
        {
            throw new InvalidOperationException(
                "The SQL persistence has no connections: "
                + "persistence.ConnectionBuilder(() => new NpgsqlConnection(…)).");
        }

        Schema = dialect.Schema ?? "public";
        var prefix = settings.TablePrefix ?? $"{endpointName.Replace('.', '_')}_";
        if (prefix.Length > LongestPrefix)
        {
            throw new InvalidOperationException(
                $"The table prefix '{prefix}' is longer than {LongestPrefix} characters. Set a shorter one with "
                + "persistence.TablePrefix(\"…\").");
        }

        isolation = outbox?.IsolationLevel ?? IsolationLevel.ReadCommitted;
        Connections = new SqlConnections(settings.ConnectionBuilder);
        var json = new JsonParameters(dialect.JsonBParameterModifier);
        Sagas = new SagaStore(sagas, json, Schema, prefix);
        Outbox = outbox is null ? null : new OutboxTable(Connections, json, Schema, prefix);
    }

    public string Schema { get; }

    public SqlConnections Connections { get; }

    public SagaStore Sagas { get; }

    /// <summary>Null when the endpoint has no outbox.</summary>
    public OutboxTable? Outbox { get; }

    /// <summary>Begins the transaction of a message and loads its sagas.</summary>
    public async Task<SqlSession> Begin(IReadOnlyList<SagaLookup> lookups, CancellationToken cancellationToken)
    {
        var connection = await Connections.Open(cancellationToken);
        var session = default(SqlSession);
        try
        {
            // Travels with the first statement.
            session = new SqlSession(
                connection, await connection.BeginTransactionAsync(isolation, cancellationToken), Connections);
            if (lookups.Count > 0)
            {
                await Sagas.Load(session, lookups, cancellationToken);
            }

            return session;
        }
        catch (Exception)
        {
            await (session?.Abandon() ?? connection.DisposeAsync());
            throw;
        }
    }

    /// <summary>Stores what changed and what is to be sent, and commits. False when the message was handled by somebody
    /// else meanwhile; then nothing is stored.</summary>
    /// <exception cref="SagaConcurrencyException">A saga was changed by somebody else meanwhile.</exception>
    public async Task<bool> Commit(
        SqlSession session,
        string messageId,
        IReadOnlyList<SagaChange> changes,
        IReadOnlyList<OutgoingOperation> operations,
        CancellationToken cancellationToken)
    {
        await session.Save(cancellationToken);
        await using var batch = session.Connection.CreateBatch();
        foreach (var change in changes)
        {
            batch.BatchCommands.Add(Sagas.Store(change));
        }

        if (Outbox is not null)
        {
            batch.BatchCommands.Add(Outbox.Store(messageId, operations));
        }

        // Nothing to check between storing and committing: both in one round trip.
        var commits = changes.Count == 0;
        if (commits)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        }

        try
        {
            await batch.PrepareAsync(cancellationToken);
            await batch.ExecuteNonQueryAsync(cancellationToken);
            if (!commits)
            {
                AssertUnchanged(batch, changes);
                await session.Transaction.CommitAsync(cancellationToken);
            }

            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            if (Outbox is not null && Outbox.Name == $"{SqlText.Quote(e.SchemaName!)}.{SqlText.Quote(e.TableName!)}")
            {
                return false;
            }

            throw changes.FirstOrDefault(c => c.Stored is null) is { } started
                ? new SagaConcurrencyException(started, e)
                : e;
        }
    }

    private static void AssertUnchanged(NpgsqlBatch batch, IReadOnlyList<SagaChange> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            if (batch.BatchCommands[i].RecordsAffected != 1)
            {
                throw new SagaConcurrencyException(changes[i]);
            }
        }
    }
}
