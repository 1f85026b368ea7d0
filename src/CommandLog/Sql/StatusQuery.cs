using Npgsql;

namespace CommandLog.Sql;

/// <summary>Reads the states of commands.</summary>
internal static class StatusQuery
{
    /// <summary>The states of those that the log knows, in no particular order.</summary>
    public static async Task<List<CommandStatus>> Run(
        NpgsqlConnection connection, Guid[] commandIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SqlFile.FindCommands, connection);
        command.Parameters.Add(Ids(commandIds));
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<CommandStatus> found = [];
        while (await reader.ReadAsync(cancellationToken))
            found.Add(Read(reader));
        return found;
    }

    public static NpgsqlParameter Ids(Guid[] commandIds) => new NpgsqlParameter<Guid[]> { TypedValue = commandIds };

    public static CommandStatus Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetString(2),
        Enum.Parse<CommandState>(row.GetString(3), ignoreCase: true),
        row.IsDBNull(4) ? null : row.GetInt64(4),
        row.IsDBNull(5) ? null : row.GetString(5),
        row.IsDBNull(6) ? null : row.GetString(6),
        row.GetFieldValue<DateTimeOffset>(7),
        row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8));

    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }
}
