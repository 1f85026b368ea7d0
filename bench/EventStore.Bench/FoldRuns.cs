using System.Diagnostics;
using Npgsql;

namespace EventStore.Bench;

/// <summary>How fast one caller folds streams into states, one after the other.</summary>
internal sealed class FoldRuns(Ground ground, FigureTable table, Arguments arguments)
{
    public async Task Measure()
    {
        await Measure(10);
        await Measure(1000);
    }

    private async Task Measure(int events)
    {
        var stream = $"load/demo/{events}";
        for (var n = 0; n < events; n += 100)
            await ground.Store.Append(Sample.Request(stream, n, Math.Min(100, events - n)));
        var rows = $"raw select of the {events:N0} rows of a stream";
        var runs = new List<Run>
        {
            new(rows, length => Repeat(length, () => Select(stream))),
            new($"fold {events:N0} events", length => Repeat(length, () => Load(stream, Fold(null))), rows),
        };
        if (events >= 1000)
        {
            await Load(stream, Fold(100));
            while (await ground.Ask("select count(*) from eventstore.snapshots") == 0)
                await Task.Delay(20);
            runs.Add(new Run(
                $"fold {events:N0} events, snapshot", length => Repeat(length, () => Load(stream, Fold(100))), rows));
        }
        await Rounds.Measure(table, arguments, runs);
    }

    private async Task Load(string stream, Fold<Reserved> fold) => await ground.Store.Load([stream], fold);

    private async Task Select(string stream)
    {
        await using var connection = await ground.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            """
            select version, type, schema_version, position, data from eventstore.events
            where stream_id = (select id from eventstore.streams where stream = $1) order by version
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream });
        await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
        }
    }

    private static Fold<Reserved> Fold(int? snapshotEvery) => new(
        "reserved",
        new Reserved(0, 0),
        (state, e) => e is LineReserved line
            ? new Reserved(state.Quantity + line.Quantity, state.Amount + (line.Quantity * line.UnitPrice))
            : state,
        SnapshotEvery: snapshotEvery);

    private static async Task<long> Repeat(TimeSpan length, Func<Task> work)
    {
        var (count, start) = (0L, Stopwatch.GetTimestamp());
        for (; Stopwatch.GetElapsedTime(start) < length; count++)
            await work();
        return count;
    }

    private sealed record Reserved(int Quantity, decimal Amount);
}
