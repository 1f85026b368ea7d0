using Npgsql;

namespace Projections.Engine.Postgres;

/// <summary>Writes many rows at once, inside a transaction.</summary>
internal sealed class PostgresFilling<TKey, TRow>(string table, IReadOnlyList<Column> key, IReadOnlyList<Column> row)
    where TKey : notnull
    where TRow : class
{
    private const string Stage = "pg_temp.stage";

    /// <summary>To sort so many rows for an index need not go to disk.</summary>
    private const string RoomToSort = "SELECT set_config('maintenance_work_mem', '128MB', true)";

    /// <summary>Rows that are looked at for statistics: three hundred times as many.</summary>
    private const string FewSamples = "SELECT set_config('default_statistics_target', '10', true)";

    private const string FillFactorSql =
        """
        SELECT option_value FROM pg_class, pg_options_to_table(reloptions)
        WHERE oid = $1::regclass AND option_name = 'fillfactor'
        """;

    private static readonly string IndexesSql = EmbeddedText.Read("Engine/Postgres/Indexes.sql");

    private readonly CopyRows<TKey, TRow> copy = new(key, row);

    private readonly string mergeSql = TableSql.Merge(table, Stage, key, row);

    /// <summary>
    /// Empties the table, which has no readers yet and so may be locked, and drops its indexes. From now on pages are
    /// made full: rows that are written first have come to rest, as a rule.
    /// </summary>
    /// <returns>What to do about it in the end.</returns>
    public async Task<EmptyTable> Begin(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.Execute($"TRUNCATE {table}", cancellationToken);
        await using var command = connection.CreateCommand().With(FillFactorSql, table);
        var factor = await command.ExecuteScalarAsync(cancellationToken) as string;
        if (factor is not null)
            await SetFillFactor("100", connection, cancellationToken);
        var indexes = await Indexes(connection, cancellationToken);
        foreach (var index in indexes)
            await connection.Execute(index.Drop, cancellationToken);
        return new EmptyTable(factor, indexes);
    }

    /// <summary>Rows that are written from now on find room to change on their page, as the table was made.</summary>
    public Task LeaveRoom(EmptyTable begun, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        begun.FillFactor is { } factor
            ? SetFillFactor(factor, connection, cancellationToken)
            : Task.CompletedTask;

    /// <summary>Rows that the table does not hold: COPY.</summary>
    public Task Add(
        IReadOnlyCollection<RowChange<TKey, TRow>> rows,
        NpgsqlConnection connection,
        CancellationToken cancellationToken) =>
        copy.Into(table, rows.Where(change => change.Row is not null), connection, cancellationToken);

    /// <summary>Makes the indexes that were dropped.</summary>
    public async Task MakeIndexes(
        IReadOnlyList<TableIndex> indexes, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.Execute(RoomToSort, cancellationToken);
        foreach (var index in indexes)
            await connection.Execute(index.Make, cancellationToken);
    }

    /// <summary>
    /// Rows that the table may hold: COPY into a temporary table, and from there into the table in one statement.
    /// </summary>
    public async Task Merge(
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
    /// A look at some rows and at the columns that are searched by, so that the first readers have good plans: with
    /// every column of ten times the rows it takes a tenth of the filling. Autovacuum sees to the rest.
    /// </summary>
    public async Task Analyze(
        IReadOnlyList<TableIndex> indexes, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var columns = string.Join(", ", indexes.SelectMany(index => index.Columns).Distinct());
        if (columns.Length == 0)
            return;
        await connection.Execute(FewSamples, cancellationToken);
        await connection.Execute($"ANALYZE {table} ({columns})", cancellationToken);
    }

    private Task SetFillFactor(string factor, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.Execute($"ALTER TABLE {table} SET (fillfactor = {factor})", cancellationToken);

    private async Task<IReadOnlyList<TableIndex>> Indexes(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var indexes = new List<TableIndex>();
        await using var command = connection.CreateCommand().With(IndexesSql, table);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            indexes.Add(new TableIndex(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<string[]>(2)));
        return indexes;
    }
}

/// <param name="FillFactor">What the table was made with; null: no room is left on its pages.</param>
/// <param name="Indexes">Dropped: to be made when the rows are there.</param>
internal sealed record EmptyTable(string? FillFactor, IReadOnlyList<TableIndex> Indexes);

/// <summary>An index of a table, or a constraint that has one: how it is dropped and made.</summary>
/// <param name="Columns">Without expressions.</param>
internal sealed record TableIndex(string Drop, string Make, IReadOnlyList<string> Columns);
