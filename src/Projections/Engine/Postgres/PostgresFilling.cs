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

    /// <summary>Nothing is searched by what is kept as JSON, and to compare 30,000 of those takes its time.</summary>
    private readonly string analyzeSql =
        $"ANALYZE {table} ({string.Join(", ", key.Concat(row).Where(c => c.SqlType != "jsonb").Select(c => c.Name))})";

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
        foreach (var (drop, _) in indexes)
            await connection.Execute(drop, cancellationToken);
        await copy.Into(table, rows.Where(change => change.Row is not null), connection, cancellationToken);
        foreach (var (_, make) in indexes)
            await connection.Execute(make, cancellationToken);
        await connection.Execute(analyzeSql, cancellationToken);
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

    private async Task<IReadOnlyList<(string Drop, string Make)>> Indexes(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var indexes = new List<(string, string)>();
        await using var command = connection.CreateCommand().With(IndexesSql, table);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            indexes.Add((reader.GetString(0), reader.GetString(1)));
        return indexes;
    }
}
