using Npgsql;
using QueryApi.Consistency;
using ServiceDefaults.Http;

namespace QueryApi.Stores;

/// <summary>
/// Every statement here starts its rows with the checkpoint's <c>position</c> and age, and joins the data to it: a
/// model without matching data gives one row with the rest null, a projection without checkpoint gives none.
/// </summary>
internal static class ReadMarks
{
    /// <summary>Columns of the mark; the data begins behind them.</summary>
    public const int Columns = 2;

    public static ReadMark Mark(this NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetTimeSpan(1));

    /// <summary>Reads at most one thing.</summary>
    public static async Task<Reading<T>> One<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        if (!await reader.ReadAsync(cancellationToken))
            throw NotThere();
        return new Reading<T>(reader.IsDBNull(Columns) ? null : read(reader), reader.Mark());
    }

    /// <summary>Reads a list.</summary>
    public static async Task<Reading<List<T>>> Many<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken))
            throw NotThere();
        var mark = reader.Mark();
        List<T> items = [];
        if (!reader.IsDBNull(Columns))
        {
            do
                items.Add(read(reader));
            while (await reader.ReadAsync(cancellationToken));
        }

        return new Reading<List<T>>(items, mark);
    }

    private static ServiceUnavailableException NotThere() =>
        new("The read model is not there yet: its projection makes it when it first starts.");
}
