using System.Data;
using Npgsql;
using NpgsqlTypes;
using Portable.Messaging.Outbox;
using Portable.Messaging.Sagas;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Outbox and sagas of one endpoint in PostgreSQL. A message costs two round trips beside its handlers': one
/// opens the transaction, asks whether the message was handled before and loads its sagas; one stores the outbox and
/// commits. The outbox row comes last, so that no transaction id is held while handlers run.</summary>
internal sealed class SqlStorage
{
    // Written where NServiceBus writes its own version; both read either.
    private const string PersistenceVersion = "9.0.3";

    private readonly SqlPersistence settings;
    private readonly OutboxSettings? outbox;
    private readonly string find;
    private readonly string store;
    private readonly string storeHandled;

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

        this.settings = settings;
        this.outbox = outbox;
        Schema = dialect.Schema ?? "public";
        Prefix = settings.TablePrefix ?? $"{endpointName.Replace('.', '_')}_";
        if (Prefix.Length > 20)
        {
            throw new InvalidOperationException(
                $"The table prefix '{Prefix}' is longer than 20 characters. Set a shorter one with "
                + "persistence.TablePrefix(\"…\").");
        }

        Table = $"{SqlText.Quote(Schema)}.{SqlText.Quote($"{Prefix}OutboxData")}";
        Sagas = sagas.ToDictionary(model => model, model => new SagaTable(model, Schema, Prefix));
        find = SqlText.Load("find-outbox", ("outbox", Table));
        store = SqlText.Load("store-outbox", ("outbox", Table));
        storeHandled = SqlText.Load("store-handled", ("outbox", Table));
    }

    public string Schema { get; }

    public string Prefix { get; }

    /// <summary>The outbox's table, qualified.</summary>
    public string Table { get; }

    public IReadOnlyDictionary<SagaModel, SagaTable> Sagas { get; }

    public bool HasOutbox => outbox is not null;

    /// <summary>An open connection.</summary>
    public async Task<NpgsqlConnection> Connect(CancellationToken cancellationToken)
    {
        var built = settings.ConnectionBuilder!();
        if (built is not NpgsqlConnection connection)
        {
            throw new InvalidOperationException(
                $"The SQL persistence's connection builder returned a {built?.GetType().Name ?? "null"}: "
                + "it must return an NpgsqlConnection.");
        }

        if (connection.State == ConnectionState.Closed)
        {
            await connection.OpenAsync(cancellationToken);
        }

        return connection;
    }

    /// <summary>Begins the transaction of a message and loads its sagas. When the message was handled before, returns
    /// what it sent and is not yet known to be dispatched.</summary>
    public async Task<(SqlSession? Session, List<OutgoingOperation>? Sent)> Open(
        string messageId, IReadOnlyList<SagaLookup> lookups, CancellationToken cancellationToken)
    {
        var connection = await Connect(cancellationToken);
        var session = default(SqlSession);
        try
        {
            session = new SqlSession(
                connection,
                await connection.BeginTransactionAsync(
                    outbox?.IsolationLevel ?? IsolationLevel.ReadCommitted, cancellationToken));
            if (await Load(session, messageId, lookups, cancellationToken) is not { } sent)
            {
                return (session, null);
            }

            await session.Close();
            return (null, sent);
        }
        catch (Exception)
        {
            await (session?.Abandon() ?? connection.DisposeAsync());
            throw;
        }
    }

    /// <summary>Loads more sagas in the same transaction.</summary>
    public async Task Load(
        SqlSession session, IReadOnlyList<SagaLookup> lookups, CancellationToken cancellationToken) =>
        await Load(session, messageId: null, lookups, cancellationToken);

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
            Add(batch, change);
        }

        if (HasOutbox)
        {
            AddOutbox(batch, messageId, operations);
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
            if (e.TableName == $"{Prefix}OutboxData" && e.SchemaName == Schema)
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

    private async Task<List<OutgoingOperation>?> Load(
        SqlSession session,
        string? messageId,
        IReadOnlyList<SagaLookup> lookups,
        CancellationToken cancellationToken)
    {
        var asks = HasOutbox && messageId is not null;
        if (!asks && lookups.Count == 0)
        {
            return null;
        }

        await using var batch = session.Connection.CreateBatch();
        if (asks)
        {
            var ask = new NpgsqlBatchCommand(find);
            ask.Parameters.Add(new NpgsqlParameter<string> { TypedValue = messageId });
            batch.BatchCommands.Add(ask);
        }

        foreach (var lookup in lookups)
        {
            Add(batch, lookup);
        }

        await batch.PrepareAsync(cancellationToken);
        List<OutgoingOperation>? sent = null;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            if (asks)
            {
                if (await reader.ReadAsync(cancellationToken))
                {
                    sent = reader.GetBoolean(0) ? [] : OutboxJson.Read(reader.GetFieldValue<byte[]>(1));
                }

                await reader.NextResultAsync(cancellationToken);
            }

            foreach (var lookup in lookups)
            {
                await Read(reader, lookup, cancellationToken);
            }
        }

        return sent;
    }

    private async Task Read(NpgsqlDataReader reader, SagaLookup lookup, CancellationToken cancellationToken)
    {
        for (var locks = Locks(lookup); locks > 0; locks--)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        if (await reader.ReadAsync(cancellationToken))
        {
            var data = SagaJson.Read(reader.GetFieldValue<byte[]>(2), lookup.Model.DataType);
            data.Id = reader.GetGuid(0);
            SagaMetadata.Read(reader.GetString(1), data);
            lookup.Found = new StoredSaga(data, reader.GetInt32(3));
        }

        await reader.NextResultAsync(cancellationToken);
    }

    private static int Locks(SagaLookup lookup) => lookup is { Id: null, MayStart: true } ? 2 : 1;

    private void Add(NpgsqlBatch batch, SagaLookup lookup)
    {
        var table = Sagas[lookup.Model];
        if (lookup.Id is { } id)
        {
            batch.BatchCommands.Add(Command(table.LockById, new NpgsqlParameter<Guid> { TypedValue = id }));
            batch.BatchCommands.Add(Command(table.LoadById, new NpgsqlParameter<Guid> { TypedValue = id }));
            return;
        }

        var (value, type) = SagaTable.Stored(lookup.Correlation!);
        NpgsqlParameter Correlation() => new() { Value = value, NpgsqlDbType = type };
        if (lookup.MayStart)
        {
            batch.BatchCommands.Add(Command(
                table.LockCorrelation, new NpgsqlParameter<string> { TypedValue = $"{table.Name}/{value}" }));
        }

        batch.BatchCommands.Add(Command(table.LockByCorrelation, Correlation()));
        batch.BatchCommands.Add(Command(table.LoadByCorrelation, Correlation()));
    }

    private void Add(NpgsqlBatch batch, SagaChange change)
    {
        var table = Sagas[change.Model];
        var id = new NpgsqlParameter<Guid> { TypedValue = change.Data.Id };
        if (change is { Stored: { } loaded, Completed: true })
        {
            batch.BatchCommands.Add(Command(
                table.Delete, id, new NpgsqlParameter<int> { TypedValue = loaded.Concurrency }));
        }
        else if (change.Stored is { } changed)
        {
            batch.BatchCommands.Add(Command(
                table.Update,
                id,
                Json(SagaJson.Write(change.Data)),
                Text(PersistenceVersion),
                Text(table.Version),
                new NpgsqlParameter<int> { TypedValue = changed.Concurrency }));
        }
        else
        {
            var insert = Command(
                table.Insert,
                id,
                Text(SagaMetadata.Write(change.Data)),
                Json(SagaJson.Write(change.Data)),
                Text(PersistenceVersion),
                Text(table.Version));
            if (change.Model.Correlation is { } correlation)
            {
                var (value, type) = SagaTable.Stored(correlation.ValueIn(change.Data)!);
                insert.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
            }

            batch.BatchCommands.Add(insert);
        }
    }

    private void AddOutbox(NpgsqlBatch batch, string messageId, IReadOnlyList<OutgoingOperation> operations) =>
        batch.BatchCommands.Add(operations.Count == 0
            ? Command(storeHandled, Text(messageId), Text(PersistenceVersion))
            : Command(store, Text(messageId), Json(OutboxJson.Write(operations)), Text(PersistenceVersion)));

    private static NpgsqlBatchCommand Command(string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<string> Text(string text) => new() { TypedValue = text };

    private static NpgsqlParameter<byte[]> Json(byte[] json) =>
        new() { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Jsonb };
}
