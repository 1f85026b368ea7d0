using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Projections.Engine.Checkpoints;

namespace Projections.Engine.Postgres;

/// <summary>
/// A model in PostgreSQL. Rows, totals and checkpoint go in one round trip and one transaction, over the connection
/// that holds the writer's lease: who has lost the lease has lost the connection and can write nothing.
/// </summary>
internal sealed class PostgresModel<TKey, TRow> : IModelStore<TKey, TRow>
    where TKey : notnull
    where TRow : class
{
    private readonly PostgresStorage storage;
    private readonly IReadOnlyList<Column> keyColumns = RowColumns.Of(typeof(TKey)).All;
    private readonly IReadOnlyList<Column> rowColumns = RowColumns.Of(typeof(TRow)).All;
    private readonly Func<DbDataReader, TKey> readKey = RowColumns.Of(typeof(TKey)).Reader<TKey>(0);
    private readonly Func<DbDataReader, TRow> readRow;
    private readonly string loadSql;
    private readonly string saveSql;
    private readonly string deleteSql;
    private readonly TotalsSql? totals;
    private readonly PostgresFilling<TKey, TRow> filling;

    public PostgresModel(PostgresStorage storage)
    {
        this.storage = storage;
        readRow = RowColumns.Of(typeof(TRow)).Reader<TRow>(keyColumns.Count);
        loadSql = TableSql.Load(storage.Table, keyColumns, rowColumns);
        saveSql = TableSql.Save(storage.Table, keyColumns, rowColumns);
        deleteSql = TableSql.Delete(storage.Table, keyColumns);
        filling = new(storage.Table, keyColumns, rowColumns);
        totals = storage.Totals is { } table ? new TotalsSql(table) : null;
    }

    public string Kind => "postgres";

    public string Definition => storage.CreateSql + storage.PublishSql;

    public string StorageOf(string projection, int build) => $"{projection.Replace('-', '_')}_{build}";

    public async Task Create(Build build, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.Execute($"CREATE SCHEMA {build.Storage}", cancellationToken);
        await connection.Execute(SearchPath(build), cancellationToken);
        await connection.Execute(storage.CreateSql, cancellationToken);
    }

    public async Task Publish(Build build, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.Execute(SearchPath(build), cancellationToken);
        await connection.Execute(storage.PublishSql, cancellationToken);
    }

    public async Task Drop(Build build, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Without CASCADE: a view that readers use would go with it.
        foreach (var table in await Tables(build, connection, cancellationToken))
            await connection.Execute($"DROP TABLE {table}", cancellationToken);
        await connection.Execute($"DROP SCHEMA IF EXISTS {build.Storage} RESTRICT", cancellationToken);
    }

    public async Task<long> Open(WriterSession session, CancellationToken cancellationToken)
    {
        await session.Connection.Execute(SearchPath(session.Build), cancellationToken);
        return session.Build.Position;
    }

    /// <summary>The checkpoint is in the same database as the rows: neither moves without the other.</summary>
    public Task<long> ReadPosition(WriterSession session, CancellationToken cancellationToken) =>
        Task.FromResult(session.Position);

    public async Task<IReadOnlyDictionary<TKey, TRow>> Load(
        IReadOnlyCollection<TKey> keys, WriterSession session, CancellationToken cancellationToken)
    {
        IReadOnlyList<TKey> wanted = [.. keys];
        await using var command = new NpgsqlCommand(loadSql, session.Connection);
        foreach (var column in keyColumns)
            command.Parameters.Add(column.Values(wanted));

        var rows = new Dictionary<TKey, TRow>(wanted.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(readKey(reader), readRow(reader));
        return rows;
    }

    public async Task Save(
        ModelChanges<TKey, TRow> changes, Advance advance, WriterSession session, CancellationToken cancellationToken)
    {
        await using var batch = Batch(changes, session);
        batch.BatchCommands.Add(session.AdvanceCommand(advance));
        await Run(batch, cancellationToken);
        session.Advanced(advance);
    }

    public int RowsAtOnce => 100_000;

    public bool CanLoad => true;

    public Task Fill(
        ModelChanges<TKey, TRow> changes,
        Advance advance,
        WriterSession session,
        CancellationToken cancellationToken) =>
        DataRefusal.Explain(FillOnce(changes, advance, session, cancellationToken));

    public IFirstFill<TKey, TRow> FillFirst(WriterSession session) => new PostgresFirstFill<TKey, TRow>(
        filling, session, (rows, totals, advance) => Alongside(rows, totals, advance, session));

    public async Task SaveAside(
        ModelChanges<TKey, TRow> changes,
        string stream,
        long upTo,
        NpgsqlBatchCommand closing,
        WriterSession session,
        CancellationToken cancellationToken)
    {
        await using var batch = Batch(changes, session);
        batch.BatchCommands.Add(closing);
        await Run(batch, cancellationToken);
    }

    /// <summary>Rows and the list of parked streams are in one database: neither changes without the other.</summary>
    public Task<long> SavedAside(string stream, WriterSession session, CancellationToken cancellationToken) =>
        Task.FromResult(0L);

    public async Task Repair(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows, WriterSession session, CancellationToken cancellationToken)
    {
        var changes = new ModelChanges<TKey, TRow>();
        foreach (var (key, row, position) in rows)
            changes.Set(key, row, position);
        await using var batch = Batch(changes, session);
        await Run(batch, cancellationToken);
    }

    private NpgsqlBatch Batch(ModelChanges<TKey, TRow> changes, WriterSession session)
    {
        var batch = new NpgsqlBatch(session.Connection);
        AddRows(batch, [.. changes.Rows.Where(change => change.Row is not null)]);
        AddDeletes(batch, Removed(changes.Rows));
        if (changes.Totals.Count > 0)
            batch.BatchCommands.Add(TotalsOf(changes.Totals));
        return batch;
    }

    /// <summary>A batch without an explicit transaction is one: all of it commits, or nothing.</summary>
    private static Task Run(NpgsqlBatch batch, CancellationToken cancellationToken) =>
        DataRefusal.Explain(batch.ExecuteNonQueryAsync(cancellationToken));

    private async Task FillOnce(
        ModelChanges<TKey, TRow> changes, Advance advance, WriterSession session, CancellationToken cancellationToken)
    {
        await using var transaction = await session.Connection.BeginTransactionAsync(cancellationToken);
        if (changes.Rows.Count > 0)
            await filling.Merge(changes.Rows, session.Connection, cancellationToken);
        await using (var batch = Alongside(changes.Rows, changes.Totals, advance, session))
            await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        session.Advanced(advance);
    }

    /// <summary>What goes with rows that are written in bulk.</summary>
    private NpgsqlBatch Alongside(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows,
        IReadOnlyDictionary<object, Figures> added,
        Advance advance,
        WriterSession session)
    {
        var batch = new NpgsqlBatch(session.Connection);
        AddDeletes(batch, Removed(rows));
        if (added.Count > 0)
            batch.BatchCommands.Add(TotalsOf(added));
        batch.BatchCommands.Add(session.AdvanceCommand(advance));
        return batch;
    }

    private static IReadOnlyList<TKey> Removed(IEnumerable<RowChange<TKey, TRow>> rows) =>
        [.. rows.Where(change => change.Row is null).Select(change => change.Key)];

    private static async Task<IReadOnlyList<string>> Tables(
        Build build, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand().With(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = $1", build.Storage);
        var tables = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            tables.Add(reader.GetString(0));
        return tables;
    }

    private void AddRows(NpgsqlBatch batch, IReadOnlyList<RowChange<TKey, TRow>> saved)
    {
        if (saved.Count == 0)
            return;
        var command = new NpgsqlBatchCommand(saveSql);
        IReadOnlyList<TKey> keys = [.. saved.Select(change => change.Key)];
        foreach (var column in keyColumns)
            command.Parameters.Add(column.Values(keys));
        IReadOnlyList<TRow> rows = [.. saved.Select(change => change.Row!)];
        foreach (var column in rowColumns)
            command.Parameters.Add(column.Values(rows));
        command.Parameters.Add(new NpgsqlParameter<long[]>
        {
            TypedValue = [.. saved.Select(change => change.Position)],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
        batch.BatchCommands.Add(command);
    }

    private void AddDeletes(NpgsqlBatch batch, IReadOnlyList<TKey> removed)
    {
        if (removed.Count == 0)
            return;
        var command = new NpgsqlBatchCommand(deleteSql);
        foreach (var column in keyColumns)
            command.Parameters.Add(column.Values(removed));
        batch.BatchCommands.Add(command);
    }

    private NpgsqlBatchCommand TotalsOf(IReadOnlyDictionary<object, Figures> added) =>
        (totals ?? throw new InvalidOperationException(
            $"The projection adds up totals, but its storage {storage.Definition} names no totals table."))
        .Command(added);

    private static string SearchPath(Build build) =>
        $"SELECT set_config('search_path', '{build.Storage}, public', false)";
}
