using Npgsql;

namespace EventStore.Appending;

/// <summary>Runs a batch of appends on a connection, inside its transaction where it has one.</summary>
internal static class AppendStatement
{
    private static readonly string AppendSql = Sql.Read("Appending/append_batch.sql");
    private static readonly string FindSql = Sql.Read("Appending/find_events.sql");

    /// <summary>One round trip; one more where an append is repeated.</summary>
    /// <returns>One result for each append, in order.</returns>
    public static async Task<AppendResult[]> Run(
        IReadOnlyList<EncodedAppend> appends, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var batch = new AppendBatch(appends);
        AppendAnswer answer;
        await using (var command = new NpgsqlCommand(AppendSql, connection))
        {
            batch.AddTo(command.Parameters);
            await command.PrepareAsync(cancellationToken);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            answer = new AppendAnswer(
                reader.GetFieldValue<long[]>(0),
                reader.GetFieldValue<long[]>(1),
                reader.GetFieldValue<int[]>(2),
                reader.GetFieldValue<int[]>(3),
                reader.GetFieldValue<long[]>(4),
                reader.GetFieldValue<int[]>(5),
                reader.GetFieldValue<string[]>(6));
        }
        var results = batch.Results(answer);
        foreach (var repeated in answer.Repeated)
            results[repeated - 1] = await FindFirstAnswer(appends[repeated - 1], connection, cancellationToken);
        return results!;
    }

    private static async Task<Appended> FindFirstAnswer(
        EncodedAppend append, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var ids = Enumerable.Range(0, append.Events.Length).Select(append.EventId).ToArray();
        var streams = append.Request.Streams.Select(stream => stream.Stream).ToArray();
        var positions = new Dictionary<Guid, long>();
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);

        await using var command = new NpgsqlCommand(FindSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = streams });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            positions[reader.GetGuid(0)] = reader.GetInt64(2);
            var stream = reader.GetString(1);
            versions[stream] = Math.Max(versions.GetValueOrDefault(stream), reader.GetInt64(3));
        }
        if (positions.Count != ids.Length || versions.Count != streams.Length)
        {
            throw new InvalidOperationException(
                $"Command {append.Request.Metadata.CommandId} has appended other events to '{streams[0]}' before: "
                + "a command id stands for one append with this first stream.");
        }
        return new Appended([.. ids.Select(id => positions[id])], [.. streams.Select(stream => versions[stream])]);
    }
}
