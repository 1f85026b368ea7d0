using Npgsql;
using NpgsqlTypes;

namespace Projections.Engine.Postgres;

/// <summary>Writes rows with PostgreSQL's COPY, in binary.</summary>
internal sealed class CopyRows<TKey, TRow>(IReadOnlyList<Column> key, IReadOnlyList<Column> row)
    where TKey : notnull
    where TRow : class
{
    private readonly string columns =
        string.Join(", ", key.Concat(row).Select(column => column.Name)) + ", \"position\"";

    public async Task Into(
        string table,
        IEnumerable<RowChange<TKey, TRow>> rows,
        NpgsqlConnection connection,
        CancellationToken cancellationToken)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            $"COPY {table} ({columns}) FROM STDIN (FORMAT binary)", cancellationToken);
        using var json = new JsonBuffer();
        foreach (var change in rows)
        {
            await import.StartRowAsync(cancellationToken);
            object owner = change.Key;
            foreach (var column in key)
                await column.Write(import, owner, json, cancellationToken);
            foreach (var column in row)
                await column.Write(import, change.Row!, json, cancellationToken);
            await import.WriteAsync(change.Position, NpgsqlDbType.Bigint, cancellationToken);
        }

        await import.CompleteAsync(cancellationToken);
    }
}
