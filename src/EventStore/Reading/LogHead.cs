using System.Diagnostics;
using Npgsql;

namespace EventStore.Reading;

/// <summary>How far the log can be read safely: see <c>Schema/read_head.sql</c>.</summary>
internal sealed class LogHead(NpgsqlDataSource dataSource)
{
    private static readonly string HeadSql = Sql.Read("Reading/head.sql");
    private static readonly string HeadByRowSql = Sql.Read("Reading/head_by_row.sql");

    /// <summary>
    /// How long a missing position is taken for that of an append about to commit, as nearly all of them are.
    /// </summary>
    private static readonly TimeSpan GapPatience = TimeSpan.FromMilliseconds(25);

    private long highest;
    private volatile Gap? gap;

    /// <exception cref="ReadFailedException">The database has no log, or none that the role may read.</exception>
    public Task<Head> Read(CancellationToken cancellationToken) => ReadFailedException.Explain(Ask(cancellationToken));

    /// <summary>
    /// As <see cref="Read"/>, for one who follows the end of the log, and at a fraction of the cost: as long as no
    /// position is missing there is nothing to ask the lock table. A position that stays missing is asked for there.
    /// </summary>
    /// <exception cref="ReadFailedException">The database has no log, or none that the role may read.</exception>
    public async Task<Head> Follow(CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref highest);
        if (known == 0)
            return await Read(cancellationToken);
        var (position, drawn) = await ReadFailedException.Explain(AskByRow(known, cancellationToken));
        if (position > known || drawn <= known)
            return new Head(Raise(position), AppendsOpen: drawn > position);
        if (gap is not { } seen || seen.Behind != known)
            gap = seen = new Gap(known, Stopwatch.GetTimestamp());
        return Stopwatch.GetElapsedTime(seen.Since) < GapPatience
            ? new Head(known, AppendsOpen: true)
            : await Read(cancellationToken);
    }

    private async Task<(long Position, long Drawn)> AskByRow(long known, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(HeadByRowSql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = known });
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

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

/// <summary>Positions were drawn behind this one, and the first of them is not to be seen.</summary>
internal sealed record Gap(long Behind, long Since);

/// <param name="Position">The last safe position.</param>
/// <param name="AppendsOpen">Transactions with further events are open.</param>
internal readonly record struct Head(long Position, bool AppendsOpen);
