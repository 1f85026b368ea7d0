using System.Data;
using System.Diagnostics;
using Npgsql;

namespace EventStore.Bench;

/// <summary>
/// How fast 16 callers append under a condition on one of 1,000 tags: "nothing with the tag since I looked". Beside it
/// what PostgreSQL offers for that, serializable transactions that look and then insert, repeated when they fail.
/// </summary>
internal sealed class ConditionalRuns(Ground ground, FigureTable table, Arguments arguments)
{
    private const int Callers = 16;
    private const int Tags = 1000;
    private const string Raw = "raw serializable transactions, 16 clients";

    private readonly long[] positions = new long[Tags];
    private int next;

    public async Task Measure()
    {
        await ground.Raw.CreateTable();
        await ground.Execute("create index on raw_events (user_name, position)");
        await Rounds.Measure(
            table,
            arguments,
            new Run(Raw, Serializable),
            new Run("append with a tag, 16 callers", length => Append(false, length)),
            new Run("append with a tag and a condition, 16 callers", length => Append(true, length), Raw));
    }

    /// <returns>Appends that were not refused.</returns>
    private Task<long> Append(bool conditional, TimeSpan length) => Repeat(length, async () =>
    {
        var n = Interlocked.Increment(ref next);
        var tag = Random.Shared.Next(Tags);
        var condition = new AppendCondition(
            new LogFilter(Tags: [$"course:{tag}"]), Volatile.Read(ref positions[tag]));
        var request = new AppendRequest(
            [
                new StreamAppend(
                    Sample.Stream(n), ExpectedVersion.Any, [new Tagged(Sample.Event(n), [$"course:{tag}"])])
            ],
            Sample.Metadata())
        {
            Conditions = conditional ? [condition] : null,
        };
        switch (await ground.Store.Append(request))
        {
            case Appended appended:
                Reached(tag, appended.Position);
                return true;
            case ConditionFailed failed:
                Reached(tag, failed.Position);
                return false;
            case var other:
                throw new InvalidOperationException($"The append was refused: {other}.");
        }
    });

    private void Reached(int tag, long position)
    {
        var seen = Volatile.Read(ref positions[tag]);
        while (position > seen)
        {
            var before = Interlocked.CompareExchange(ref positions[tag], position, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    private Task<long> Serializable(TimeSpan length) => Repeat(length, async () =>
    {
        var tag = $"course:{Random.Shared.Next(Tags)}";
        await using var connection = await ground.DataSource.OpenConnectionAsync();
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable);
            await using var look = new NpgsqlCommand(
                "select position from raw_events where user_name = $1 order by position desc limit 1", connection);
            look.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tag });
            await look.PrepareAsync();
            await look.ExecuteScalarAsync();
            var sql = RawRow.InsertSql(1).Replace("null, null", $"null, '{tag}'", StringComparison.Ordinal);
            await using var insert = new NpgsqlCommand(sql, connection);
            RawRow.Of(Interlocked.Increment(ref next)).AddTo(insert.Parameters);
            await insert.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.SerializationFailure)
        {
            return false;
        }
    });

    private static async Task<long> Repeat(TimeSpan length, Func<Task<bool>> work)
    {
        var (count, start) = (0L, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < length)
            {
                if (await work())
                    Interlocked.Increment(ref count);
            }
        })));
        return count;
    }
}
