using Npgsql;

namespace EventStore.Appending;

/// <summary>
/// Writes batches of any appends, on one connection, inside its transaction where it has one. The command is prepared
/// once and kept with its parameters.
/// </summary>
internal sealed class BatchStatement : IAsyncDisposable
{
    private static readonly string AppendSql = Sql.Read("Appending/append_batch.sql");

    private readonly NpgsqlCommand command;
    private readonly AppendArguments arguments;
    private bool prepared;

    public BatchStatement(NpgsqlConnection connection)
    {
        command = new NpgsqlCommand(AppendSql, connection);
        arguments = new AppendArguments(command.Parameters);
    }

    /// <summary>One round trip.</summary>
    /// <param name="patience">How long to wait for each lock; null: as long as the session does.</param>
    public async Task<AppendAnswer> Run(AppendBatch batch, TimeSpan? patience, CancellationToken cancellationToken)
    {
        arguments.Fill(batch, patience);
        if (!prepared)
        {
            await command.PrepareAsync(cancellationToken);
            prepared = true;
        }
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new AppendAnswer(
            Values<long>(reader, 0),
            Values<long>(reader, 1),
            Values<int>(reader, 2),
            Values<int>(reader, 3),
            Values<long>(reader, 4),
            Values<int>(reader, 5),
            Values<long>(reader, 6),
            Values<int>(reader, 7),
            Values<string>(reader, 8));
    }

    public ValueTask DisposeAsync() => command.DisposeAsync();

    private static T[] Values<T>(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? [] : reader.GetFieldValue<T[]>(column);
}
