using EventStore.Tombstones;
using Npgsql;

namespace EventStore.Appending;

/// <summary>
/// Runs batches of appends on one connection, inside its transaction where it has one; a plain append that is alone
/// goes the short way. The statements are made when they are first needed, and kept.
/// </summary>
internal sealed class AppendStatement(NpgsqlConnection connection) : IAsyncDisposable
{
    private static readonly string FindSql = Sql.Read("Appending/find_events.sql");

    private PlainStatement? plain;
    private BatchStatement? any;

    /// <summary>Appends inside the transaction of a caller.</summary>
    public static async Task<AppendResult> RunJoined(
        EncodedAppend append, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var statement = new AppendStatement(transaction.Connection!);
        try
        {
            var result = (await statement.Run([append], patience: null, cancellationToken))[0];
            return result is MisusedCommand misused ? throw misused.Error() : result;
        }
        catch (PostgresException e) when (AppendFailedException.Of(e, append.Request) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>
    /// One round trip; one more where a plain append that is alone is refused, where an append is repeated, and where a
    /// stream is closed.
    /// </summary>
    /// <param name="patience">How long to wait for each lock; null: as long as the session does.</param>
    /// <returns>One result for each append, in order.</returns>
    public async Task<AppendResult[]> Run(
        IReadOnlyList<EncodedAppend> appends, TimeSpan? patience, CancellationToken cancellationToken)
    {
        IsAnswered = false;
        if (appends is [{ IsPlain: true } alone])
        {
            plain ??= new PlainStatement(connection);
            if (await plain.TryRun(alone, patience, cancellationToken) is { } appended)
            {
                IsAnswered = true;
                return [appended];
            }
        }
        var batch = new AppendBatch(appends);
        any ??= new BatchStatement(connection);
        var answer = await any.Run(batch, patience, cancellationToken);
        IsAnswered = true;
        var results = batch.Results(answer);
        foreach (var repeated in answer.Repeated)
            results[repeated - 1] = await FindFirstAnswer(appends[repeated - 1], cancellationToken);
        var closed = results.OfType<StreamTombstoned>().Select(each => each.Stream).ToArray();
        if (closed.Length > 0)
        {
            var tombstones = await TombstoneStatements.Of(connection, closed, cancellationToken);
            for (var i = 0; i < results.Length; i++)
            {
                if (results[i] is StreamTombstoned { Stream: var stream })
                    results[i] = tombstones[stream];
            }
        }
        return (AppendResult[])results!;
    }

    /// <summary>
    /// Whether the last batch is written (and committed, outside a transaction), however the questions behind it end.
    /// </summary>
    public bool IsAnswered { get; private set; }

    public async ValueTask DisposeAsync()
    {
        if (plain is not null)
            await plain.DisposeAsync();
        if (any is not null)
            await any.DisposeAsync();
    }

    private async Task<AppendResult> FindFirstAnswer(EncodedAppend append, CancellationToken cancellationToken)
    {
        // One id more than there are events: nothing may have it.
        var ids = Enumerable.Range(0, append.Events.Length + 1).Select(append.EventId).ToArray();
        var positions = new Dictionary<Guid, long>();
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);

        await using var find = new NpgsqlCommand(FindSql, connection);
        find.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            positions[reader.GetGuid(0)] = reader.GetInt64(2);
            var stream = reader.GetString(1);
            versions[stream] = Math.Max(versions.GetValueOrDefault(stream), reader.GetInt64(3));
        }
        var streams = append.Request.Streams;
        if (positions.Count != ids.Length - 1 || positions.ContainsKey(ids[^1])
            || !streams.All(stream => versions.ContainsKey(stream.Stream)))
        {
            return new MisusedCommand(append.Request.Metadata.CommandId, streams[0].Stream);
        }
        return new Appended([.. ids[..^1].Select(id => positions[id])], [.. streams.Select(s => versions[s.Stream])]);
    }
}

/// <summary>
/// Of an append whose command has appended something else before. An answer here, for the others of its batch are
/// written; an exception for its caller.
/// </summary>
internal sealed record MisusedCommand(Guid CommandId, string Stream) : AppendResult
{
    public InvalidOperationException Error() => new(
        $"Command {CommandId} has appended other events to '{Stream}' before: a command id stands for one append with "
        + "this first stream.");
}
