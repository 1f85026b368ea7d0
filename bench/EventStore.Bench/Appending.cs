using System.Diagnostics;

namespace EventStore.Bench;

/// <summary>Callers that append.</summary>
internal sealed class Appending(IEventStore store)
{
    private int next;

    /// <summary>Callers that append one after the other, each to any of 20,000 streams.</summary>
    /// <returns>Events appended.</returns>
    public async Task<long> Work(int callers, int eventsEach, TimeSpan length)
    {
        var (appends, start) = (0L, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < length)
            {
                await One(eventsEach);
                Interlocked.Increment(ref appends);
            }
        })));
        return appends * eventsEach;
    }

    public async Task One(int events = 1)
    {
        var n = Interlocked.Add(ref next, events);
        var result = await store.Append(Sample.Request(Sample.Stream(n), n, events));
        if (result is not Appended)
            throw new InvalidOperationException($"The append was refused: {result}.");
    }
}
