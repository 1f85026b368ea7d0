using Npgsql;
using Portable.Messaging.Sagas;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>The statements that load and store the sagas of one endpoint.</summary>
internal sealed class SagaStore(
    IEnumerable<SagaModel> models, JsonParameters json, string schema, string prefix)
{
    private readonly Dictionary<SagaModel, SagaTable> tables =
        models.ToDictionary(model => model, model => new SagaTable(model, schema, prefix));

    public IReadOnlyCollection<SagaTable> Tables => tables.Values;

    /// <summary>Loads sagas, each locked first, in one round trip; fills in what was found.</summary>
    public async Task Load(
        SqlSession session, IReadOnlyList<SagaLookup> lookups, CancellationToken cancellationToken)
    {
        await using var batch = session.Connection.CreateBatch();
        foreach (var lookup in lookups)
        {
            Add(batch, lookup);
        }

        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var lookup in lookups)
        {
            await Read(reader, lookup, cancellationToken);
        }
    }

    /// <summary>The statement that stores what became of a saga. It affects no row when somebody else changed the saga
    /// meanwhile, and violates a unique index when somebody else started it.</summary>
    public NpgsqlBatchCommand Store(SagaChange change)
    {
        var table = tables[change.Model];
        return change switch
        {
            { Stored: { } loaded, Completed: true } => Statement.Of(
                table.Delete, Statement.Id(change.Data.Id), Statement.Number(loaded.Concurrency)),
            { Stored: { } loaded } => Statement.Of(
                table.Update,
                Statement.Id(change.Data.Id),
                json.Of(SagaJson.Write(change.Data)),
                Statement.Text(SqlStorage.PersistenceVersion),
                Statement.Text(table.Version),
                Statement.Number(loaded.Concurrency)),
            _ => Insert(table, change),
        };
    }

    private NpgsqlBatchCommand Insert(SagaTable table, SagaChange change)
    {
        var insert = Statement.Of(
            table.Insert,
            Statement.Id(change.Data.Id),
            Statement.Text(SagaMetadata.Write(change.Data)),
            json.Of(SagaJson.Write(change.Data)),
            Statement.Text(SqlStorage.PersistenceVersion),
            Statement.Text(table.Version));
        if (change.Model.Correlation is { } correlation)
        {
            var (value, type) = SagaTable.Stored(correlation.ValueIn(change.Data)!);
            insert.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        }

        return insert;
    }

    private void Add(NpgsqlBatch batch, SagaLookup lookup)
    {
        var table = tables[lookup.Model];
        if (lookup.Id is { } id)
        {
            batch.BatchCommands.Add(Statement.Of(table.LockById, Statement.Id(id)));
            batch.BatchCommands.Add(Statement.Of(table.LoadById, Statement.Id(id)));
            return;
        }

        var (value, type) = SagaTable.Stored(lookup.Correlation!);
        NpgsqlParameter Correlation() => new() { Value = value, NpgsqlDbType = type };
        if (lookup.MayStart)
        {
            batch.BatchCommands.Add(Statement.Of(table.LockCorrelation, Statement.Text($"{table.Name}/{value}")));
        }

        batch.BatchCommands.Add(Statement.Of(table.LockByCorrelation, Correlation()));
        batch.BatchCommands.Add(Statement.Of(table.LoadByCorrelation, Correlation()));
    }

    private static async Task Read(NpgsqlDataReader reader, SagaLookup lookup, CancellationToken cancellationToken)
    {
        for (var locks = lookup is { Id: null, MayStart: true } ? 2 : 1; locks > 0; locks--)
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
}
