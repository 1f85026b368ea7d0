using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventStore.Bench;

/// <summary>The event store under load.</summary>
internal sealed class StoreRuns(IEventStore store)
{
    private int next;

    /// <summary>Callers that append one after the other, each to any of 20,000 streams.</summary>
    public async Task<double> Append(int callers, int eventsEach, TimeSpan length)
    {
        var (appends, start) = (0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < length)
            {
                var n = Interlocked.Add(ref next, eventsEach);
                var result = await store.Append(Sample.Request($"stock/demo/{n % 20_000:00000}", n, eventsEach));
                if (result is not Appended)
                    throw new InvalidOperationException($"The append was refused: {result}.");
                Interlocked.Increment(ref appends);
            }
        })));
        return Figures.Rate(
            $"append, {callers} callers, {eventsEach} event(s) each",
            (long)appends * eventsEach,
            Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Appends at a fixed pace, as users cause them.</summary>
    public async Task PacedLatency(int perSecond, TimeSpan length)
    {
        var (times, running) = (new ConcurrentBag<double>(), new List<Task>());
        var start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        while (Stopwatch.GetElapsedTime(start) < length && await timer.WaitForNextTickAsync())
            running.Add(One());
        await Task.WhenAll(running);
        Figures.Latencies($"append latency at {perSecond}/s", times);

        async Task One()
        {
            var (n, begun) = (Interlocked.Increment(ref next), Stopwatch.GetTimestamp());
            await store.Append(Sample.Request($"stock/demo/{n % 20_000:00000}", n));
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
    }

    public async Task<double> ReadForward()
    {
        var count = 0L;
        var time = await Figures.Time(async () =>
        {
            await foreach (var _ in store.ReadLog(0))
                count++;
        });
        return Figures.Rate("read the log forward, decoded", count, time);
    }

    /// <summary>From the answer of the append to the batch in the subscriber's hands.</summary>
    public async Task SubscribeLatency(int events)
    {
        using var stop = new CancellationTokenSource();
        var (times, seen) = (new List<double>(), new TaskCompletionSource<long>());
        var head = await store.ReadHead();
        var subscriber = Task.Run(async () =>
        {
            try
            {
                await foreach (var batch in store.Subscribe(head, cancellationToken: stop.Token))
                    Volatile.Read(ref seen).TrySetResult(Stopwatch.GetTimestamp());
            }
            catch (OperationCanceledException)
            {
                // Stopped below.
            }
        });
        for (var i = 0; i < events; i++)
        {
            Volatile.Write(ref seen, new(TaskCreationOptions.RunContinuationsAsynchronously));
            var request = Sample.Request("latency/demo/1", i);
            await store.Append(request);
            var answered = Stopwatch.GetTimestamp();
            times.Add(Math.Max(0, Stopwatch.GetElapsedTime(answered, await seen.Task).TotalMilliseconds));
            await Task.Delay(7);
        }
        await stop.CancelAsync();
        await subscriber;
        Figures.Latencies("append answered to subscriber", times);
    }

    public async Task Load(int streamLength, int? snapshotEvery, int repetitions)
    {
        var stream = $"load/demo/{streamLength}-{snapshotEvery}";
        for (var n = 0; n < streamLength; n += 100)
            await store.Append(Sample.Request(stream, n, Math.Min(100, streamLength - n)));
        var fold = new Fold<Reserved>(
            $"reserved-{snapshotEvery}",
            new Reserved(0, 0),
            (state, e) => e is LineReserved line
                ? new Reserved(state.Quantity + line.Quantity, state.Amount + (line.Quantity * line.UnitPrice))
                : state,
            SnapshotEvery: snapshotEvery);
        await store.Load([stream], fold);
        await Task.Delay(500);
        var time = await Figures.Time(async () =>
        {
            for (var i = 0; i < repetitions; i++)
                await store.Load([stream], fold);
        });
        Figures.Rate(
            $"load {streamLength} events, snapshot {(snapshotEvery is { } every ? $"every {every}" : "none")}",
            repetitions,
            time);
    }

    private sealed record Reserved(int Quantity, decimal Amount);
}
