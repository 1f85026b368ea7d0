namespace Projections.Engine.Postgres;

/// <summary>
/// The statements that a table of rows or totals needs, each set-based: one statement for any number of rows, one array
/// parameter per column. They go by the primary key alone.
/// </summary>
internal static class TableSql
{
    private const string Position = "\"position\"";

    /// <summary>Parameters: the key columns. Result: key columns, then row columns.</summary>
    public static string Load(string table, IReadOnlyList<Column> key, IReadOnlyList<Column> row) =>
        $"""
        SELECT {List([.. key, .. row], "t.")}
        FROM {table} AS t
        JOIN unnest({Arrays(key)}) AS k ({List(key)}) USING ({List(key)})
        """;

    /// <summary>Parameters: the key columns, the row columns, the positions.</summary>
    public static string Save(string table, IReadOnlyList<Column> key, IReadOnlyList<Column> row) =>
        $"""
        INSERT INTO {table} ({List([.. key, .. row])}, {Position})
        SELECT * FROM unnest({Arrays([.. key, .. row])}, ${key.Count + row.Count + 1}::bigint[])
        ON CONFLICT ({List(key)}) DO UPDATE
        SET {string.Join(", ", row.Select(column => $"{column.Name} = excluded.{column.Name}"))},
            {Position} = excluded.{Position}
        """;

    /// <summary>No parameters: takes over the rows of another table of the same columns.</summary>
    public static string Merge(string table, string from, IReadOnlyList<Column> key, IReadOnlyList<Column> row) =>
        $"""
        INSERT INTO {table} ({List([.. key, .. row])}, {Position})
        SELECT {List([.. key, .. row])}, {Position} FROM {from}
        ON CONFLICT ({List(key)}) DO UPDATE
        SET {string.Join(", ", row.Select(column => $"{column.Name} = excluded.{column.Name}"))},
            {Position} = excluded.{Position}
        """;

    /// <summary>Parameters: the key columns.</summary>
    public static string Delete(string table, IReadOnlyList<Column> key) =>
        $"""
        DELETE FROM {table} AS t
        USING unnest({Arrays(key)}) AS k ({List(key)})
        WHERE {string.Join(" AND ", key.Select(column => $"t.{column.Name} = k.{column.Name}"))}
        """;

    /// <summary>Parameters: the group's columns, then the figures.</summary>
    public static string Add(
        string table, IReadOnlyList<Column> group, IReadOnlyList<(string Name, string SqlType)> figures)
    {
        var arrays = figures.Select((figure, index) => $"${group.Count + index + 1}::{figure.SqlType}[]");
        var sums = figures.Select(figure => $"{figure.Name} = t.{figure.Name} + excluded.{figure.Name}");
        return $"""
            INSERT INTO {table} AS t ({List(group)}, {string.Join(", ", figures.Select(figure => figure.Name))})
            SELECT * FROM unnest({Arrays(group)}, {string.Join(", ", arrays)})
            ON CONFLICT ({List(group)}) DO UPDATE
            SET {string.Join(", ", sums)}
            """;
    }

    private static string List(IReadOnlyList<Column> columns, string prefix = "") =>
        string.Join(", ", columns.Select(column => prefix + column.Name));

    private static string Arrays(IReadOnlyList<Column> columns) =>
        string.Join(", ", columns.Select((column, index) => $"${index + 1}::{column.SqlType}[]"));
}
