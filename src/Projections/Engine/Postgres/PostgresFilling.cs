using Npgsql;
using Projections.Engine.Checkpoints;

namespace Projections.Engine.Postgres;

/// <summary>
/// Many rows at once, in one transaction with the checkpoint. Into an empty table: COPY without indexes, which are made
/// behind it. Later: COPY into a temporary table and from there into the table, in one statement.
/// </summary>
internal sealed class PostgresFilling<TKey, TRow>(string table, IReadOnlyList<Column> key, IReadOnlyList<Column> row)
    where TKey : notnull
    where TRow : class
{
    private const string Stage = "pg_temp.stage";

    /// <summary>The rows are in memory: sorting them for an index need not go to disk either.</summary>
    private const string RoomToSort = "SELECT set_config('maintenance_work_mem', '128MB', true)";

    private static readonly string IndexesSql = EmbeddedText.Read("Engine/Postgres/Indexes.sql");

    private readonly CopyRows<TKey, TRow> copy = new(key, row);

    private readonly string mergeSql = TableSql.Merge(table, Stage, key, row);

    /// <summary>Readers of the build do not exist yet, so its table may be locked.</summary>
    public async Task Begin(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows,
        NpgsqlConnection connection,
        CancellationToken cancellationToken)
    {
        await connection.Execute(RoomToSort, cancellationToken);
        await connection.Execute($"TRUNCATE {table}", cancellationToken);
        var indexes = await Indexes(connection, cancellationToken);
        foreach (var index in indexes)
            await connection.Execute(index.Drop, cancellationToken);
        await copy.Into(table, rows.Where(change => change.Row is not null), connection, cancellationToken);
        foreach (var index in indexes)
            await connection.Execute(index.Make, cancellationToken);
        await Analyze(indexes, connection, cancellationToken);
    }

    public async Task GoOn(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows,
        NpgsqlConnection connection,
        CancellationToken cancellationToken)
    {
        await connection.Execute(
            $"CREATE TEMPORARY TABLE stage (LIKE {table} INCLUDING GENERATED) ON COMMIT DROP", cancellationToken);
        await copy.Into(Stage, rows.Where(change => change.Row is not null), connection, cancellationToken);
        await connection.Execute(mergeSql, cancellationToken);
    }

    /// <summary>
    /// Only what is searched by, so that the first readers have good plans: to compare 30,000 of every column takes a
    /// tenth of the filling. Autovacuum sees to the rest.
    /// </summary>
    private async Task Analyze(
        IReadOnlyList<Index> indexes, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var columns = string.Join(", ", indexes.SelectMany(index => index.Columns).Distinct());
        if (columns.Length > 0)
            await connection.Execute($"ANALYZE {table} ({columns})", cancellationToken);
    }

    private async Task<IReadOnlyList<Index>> Indexes(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var indexes = new List<Index>();
        await using var command = connection.CreateCommand().With(IndexesSql, table);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            indexes.Add(new Index(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<string[]>(2)));
        return indexes;
    }

    /// <param name="Columns">Without expressions.</param>
    private sealed record Index(string Drop, string Make, IReadOnlyList<string> Columns);
}
