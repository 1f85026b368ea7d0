using System.Diagnostics;
using Npgsql;

namespace EventStore.Bench;

/// <summary>How long an event is on its way to a subscriber that waits for it.</summary>
internal sealed class SubscribeRuns(Ground ground, FigureTable table, Arguments arguments)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async Task Measure()
    {
        await ground.Raw.CreateTable();
        var (raw, called, answered) = (new Latencies(), new Latencies(), new Latencies());
        await Rounds.Measure(
            table,
            arguments,
            new Run("raw insert and NOTIFY to LISTEN and select", length => Notify(length, raw)) { Latencies = raw },
            new Run("append called to batch received", length => Subscribe(length, called, answered))
            {
                Latencies = called,
            },
            new Run("append answered to batch received", length => Subscribe(length, new(), answered))
            {
                Latencies = answered,
            });
    }

    private async Task<long> Subscribe(TimeSpan length, Latencies called, Latencies answered)
    {
        var seen = new TaskCompletionSource<long>();
        var head = await ground.Store.ReadHead();
        return await Beside(
            async cancel =>
            {
                await foreach (var batch in ground.Store.Subscribe(head, cancellationToken: cancel))
                    Volatile.Read(ref seen).TrySetResult(Stopwatch.GetTimestamp());
            },
            length,
            async () =>
            {
                Volatile.Write(ref seen, New());
                var call = Stopwatch.GetTimestamp();
                await ground.Appending.One();
                var answer = Stopwatch.GetTimestamp();
                var arrival = await seen.Task;
                called.Add(call, arrival);
                answered.Add(answer, arrival);
            });
    }

    private async Task<long> Notify(TimeSpan length, Latencies latencies)
    {
        var seen = new TaskCompletionSource<long>();
        await using var listening = await ground.DataSource.OpenConnectionAsync();
        await using var listen = new NpgsqlCommand("listen raw", listening);
        await listen.ExecuteNonQueryAsync();
        await using var connection = await ground.DataSource.OpenConnectionAsync();
        var count = await Beside(
            async cancel =>
            {
                while (true)
                {
                    await listening.WaitAsync(cancel);
                    await using var select = ground.DataSource.CreateCommand(
                        "select position, data from raw_events order by position desc limit 1");
                    await using var reader = await select.ExecuteReaderAsync(cancel);
                    await reader.ReadAsync(cancel);
                    Volatile.Read(ref seen).TrySetResult(Stopwatch.GetTimestamp());
                }
            },
            length,
            async () =>
            {
                Volatile.Write(ref seen, New());
                var call = Stopwatch.GetTimestamp();
                await using var batch = new NpgsqlBatch(connection);
                var insert = new NpgsqlBatchCommand(RawRow.InsertSql(1));
                RawRow.Of(1).AddTo(insert.Parameters);
                batch.BatchCommands.Add(insert);
                batch.BatchCommands.Add(new NpgsqlBatchCommand("notify raw"));
                await batch.ExecuteNonQueryAsync();
                latencies.Add(call, await seen.Task);
            });
        await using var unlisten = new NpgsqlCommand("unlisten raw", listening);
        await unlisten.ExecuteNonQueryAsync();
        return count;
    }

    /// <summary>Repeats some work, with a pause behind each, while something listens.</summary>
    private static async Task<long> Beside(Func<CancellationToken, Task> listen, TimeSpan length, Func<Task> work)
    {
        using var stop = new CancellationTokenSource();
        var listening = Task.Run(() => listen(stop.Token));
        await Task.Delay(200);
        var (count, start) = (0L, Stopwatch.GetTimestamp());
        for (; Stopwatch.GetElapsedTime(start) < length; count++)
        {
            await Task.WhenAny(work(), listening).Unwrap();
            await Task.Delay(Pause);
        }
        await stop.CancelAsync();
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return count;
    }

    private static TaskCompletionSource<long> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
