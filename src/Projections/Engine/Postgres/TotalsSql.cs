using Npgsql;
using NpgsqlTypes;

namespace Projections.Engine.Postgres;

/// <summary>Adds figures to a table of totals.</summary>
internal sealed class TotalsSql(TotalsTable table)
{
    private readonly IReadOnlyList<Column> group = RowColumns.Of(table.Group).All;

    public NpgsqlBatchCommand Command(IReadOnlyDictionary<object, Figures> totals)
    {
        IReadOnlyList<object> groups = [.. totals.Keys];
        var figures = new List<(string Name, string SqlType)>();
        var command = new NpgsqlBatchCommand();
        foreach (var column in group)
            command.Parameters.Add(column.Values(groups));
        if (table.Count is { } count)
        {
            figures.Add((count, "bigint"));
            command.Parameters.Add(Array(groups, key => totals[key].Count, NpgsqlDbType.Bigint));
        }

        if (table.Amount is { } amount)
        {
            figures.Add((amount, "numeric"));
            command.Parameters.Add(Array(groups, key => totals[key].Amount, NpgsqlDbType.Numeric));
        }

        command.CommandText = TableSql.Add(table.Name, group, figures);
        return command;
    }

    private static NpgsqlParameter<TValue[]> Array<TValue>(
        IReadOnlyList<object> groups, Func<object, TValue> value, NpgsqlDbType type) =>
        new() { TypedValue = [.. groups.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type };
}
