using Npgsql;

namespace EventStore.Reading;

/// <summary>How far the log can be read safely: see <c>Schema/read_head.sql</c>.</summary>
internal sealed class LogHead(NpgsqlDataSource dataSource)
{
    private static readonly string HeadSql = Sql.Read("Reading/head.sql");

    private long highest;

    /// <exception cref="ReadFailedException">The database has no log, or none that the role may read.</exception>
    public Task<Head> Read(CancellationToken cancellationToken) => ReadFailedException.Explain(Ask(cancellationToken));

    private async Task<Head> Ask(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(HeadSql, connection);
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        // A writer that announces slowly can lower the answer for a moment. What was safe once is safe for good.
        var position = Raise(reader.GetInt64(0));
        return new Head(position, reader.GetInt32(1) > 0);
    }

    private long Raise(long position)
    {
        var seen = Volatile.Read(ref highest);
        while (position > seen)
        {
            var before = Interlocked.CompareExchange(ref highest, position, seen);
            if (before == seen)
                return position;
            seen = before;
        }
        return seen;
    }
}

/// <param name="Position">The last safe position.</param>
/// <param name="AppendsOpen">Transactions with further events are open.</param>
internal readonly record struct Head(long Position, bool AppendsOpen);
