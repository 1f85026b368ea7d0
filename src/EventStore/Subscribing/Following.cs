using System.Diagnostics;
using System.Runtime.CompilerServices;
using EventStore.Reading;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Subscribing;

/// <summary>One subscriber on its way through the log.</summary>
internal sealed class Following(
    LogReader reader, LogHead heads, LogSignal signal, ILogger logger, SubscriptionOptions options)
{
    private static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestChase = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongestChase = TimeSpan.FromMilliseconds(50);

    /// <summary>How old the head may be that a subscriber far behind it is told.</summary>
    private static readonly TimeSpan HeadAge = TimeSpan.FromSeconds(1);

    private readonly TimeSpan poll = options.PollInterval ?? DefaultPollInterval;
    private readonly Backoff backoff = new();
    private readonly Density density = new();
    private readonly SubscriptionWatch watch = new(options.Name);
    private TimeSpan chase = ShortestChase;
    private Head head;
    private long lookedAt;

    /// <summary>What tells of more, once a look has come to the end of the log; null: look first.</summary>
    private Task? news;

    public async IAsyncEnumerable<EventBatch> Batches(
        long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var running = watch.Start();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<FetchedPage?>? next = null;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var page = (await (next ?? Next(after, options.BatchSize, until: null, leaving.Token)))!;
                next = null;
                after = page.Position;
                // Far from the head, the next page is on its way while this one is decoded and worked on.
                if (after < page.Head && options.GatherFor is null)
                    next = Next(after, options.BatchSize, until: null, leaving.Token);
                var batch = await Decode(page, leaving.Token);
                if (options.GatherFor is { } time)
                {
                    batch = await Gather(batch, time, leaving.Token);
                    after = batch.Position;
                    if (after < batch.Head)
                        next = Next(after, options.BatchSize, until: null, leaving.Token);
                }
                yield return batch;
            }
        }
        finally
        {
            // What was on its way gives its connection back before the subscriber goes on.
            await leaving.CancelAsync();
            if (next is not null)
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Adds what comes to a batch until it is full, or has waited long enough.</summary>
    private async Task<EventBatch> Gather(EventBatch batch, TimeSpan time, CancellationToken cancellationToken)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        List<RecordedEvent> events = [.. batch.Events];
        while (!batch.IsCut && events.Count < options.BatchSize
            && await Next(batch.Position, options.BatchSize - events.Count, until, cancellationToken) is { } more)
        {
            var added = await Decode(more, cancellationToken);
            events.AddRange(added.Events);
            batch = added with { Events = events };
        }
        return batch;
    }

    /// <summary>Waits until something lies behind a position.</summary>
    /// <param name="until">Timestamp of a time limit; null: without end.</param>
    /// <returns>Null when the time is over, or the server cannot be asked before.</returns>
    private async Task<FetchedPage?> Next(long after, int size, long? until, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (news is null && await LookAround(after, size, cancellationToken) is { } page)
                    return page;
            }
            catch (NpgsqlException e) when (IsAway(e))
            {
                TellAway(e, after);
                if (until is not null)
                    return null;
                await backoff.Wait(cancellationToken);
                continue;
            }

            var left = until is { } end ? Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), end) : TimeSpan.MaxValue;
            if (left <= TimeSpan.Zero)
                return null;
            if (head.AppendsOpen)
            {
                // Announced, but not committed yet: nobody will announce the commit, so look again soon.
                if (Least(chase, poll, left) - Stopwatch.GetElapsedTime(lookedAt) is { Ticks: > 0 } pause)
                    await Task.Delay(pause, cancellationToken);
                chase = Least(chase * 2, LongestChase);
            }
            else
            {
                await WaitAtMost(news!, Least(poll, left), cancellationToken);
            }
            news = null;
        }
    }

    /// <summary>As <see cref="Look"/>; a look that finds the end of the log needs no other until there is news.</summary>
    private async Task<FetchedPage?> LookAround(long after, int size, CancellationToken cancellationToken)
    {
        var (signaled, before) = (signal.Next(), lookedAt);
        var page = await Look(after, size, cancellationToken);
        if (page is null || (lookedAt != before && page.Position >= page.Head))
            news = signaled;
        return page;
    }

    /// <summary>Makes events of a page; the database is asked for keys and neighbors that some of them need.</summary>
    private async Task<EventBatch> Decode(FetchedPage page, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await page.Decode(keepUnreadable: true, cancellationToken);
            }
            catch (NpgsqlException e) when (IsAway(e))
            {
                TellAway(e, page.Position);
                await backoff.Wait(cancellationToken);
            }
        }
    }

    private static bool IsAway(NpgsqlException e) => e is not PostgresException || e.IsTransient;

    private void TellAway(NpgsqlException e, long position) => logger.LogWarning(
        e, "A subscription at position {Position} lost its connection; trying again.", position);

    /// <summary>What is behind a position, and how far the head is.</summary>
    private async Task<FetchedPage?> Look(long after, int size, CancellationToken cancellationToken)
    {
        if (after >= head.Position)
            (head, lookedAt) = (await heads.Follow(cancellationToken), Stopwatch.GetTimestamp());
        else if (Stopwatch.GetElapsedTime(lookedAt) > HeadAge)
            (head, lookedAt) = (await heads.Read(cancellationToken), Stopwatch.GetTimestamp());
        var page = head.Position > after
            ? await reader.FetchPage(after, head.Position, options.Filter, size, density, cancellationToken)
            : null;
        backoff.Reset();
        if (page is not null || !head.AppendsOpen)
            chase = ShortestChase;
        watch.Saw(head, page?.Position ?? after, advanced: page is not null);
        return page;
    }

    private static TimeSpan Least(params ReadOnlySpan<TimeSpan> times)
    {
        var least = times[0];
        foreach (var time in times)
            least = time < least ? time : least;
        return least;
    }

    private static async Task WaitAtMost(Task signaled, TimeSpan time, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(signaled, Task.Delay(time, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
