using System.Diagnostics;
using System.Runtime.CompilerServices;
using EventStore.Reading;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Subscribing;

/// <summary>Follows the log without end.</summary>
internal sealed class Subscription(LogReader reader, LogHead heads, LogSignal signal, ILogger logger)
{
    private static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestChase = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestChase = TimeSpan.FromMilliseconds(50);

    public async IAsyncEnumerable<EventBatch> Follow(
        long after, SubscriptionOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        options.Filter?.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        var poll = options.PollInterval ?? DefaultPollInterval;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(poll, TimeSpan.Zero);

        var backoff = new Backoff();
        var chase = ShortestChase;
        long? heldSince = null;
        var density = new Density();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var signaled = signal.Next();
            var look = await Look(after, options, density, backoff, cancellationToken);
            if (look is not { } seen)
                continue;

            if (seen.Batch is { } batch)
            {
                if (heldSince is { } start)
                    EventStoreTelemetry.ReaderDelay.Record(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                heldSince = null;
                chase = ShortestChase;
                after = batch.Position;
                yield return batch;
                continue;
            }

            if (seen.AppendsOpen)
            {
                // Announced, but not committed yet: nobody will announce the commit, so look again soon.
                heldSince ??= Stopwatch.GetTimestamp();
                await Task.Delay(chase < poll ? chase : poll, cancellationToken);
                chase = chase * 2 < LongestChase ? chase * 2 : LongestChase;
                continue;
            }
            heldSince = null;
            chase = ShortestChase;
            await WaitAtMost(signaled, poll, cancellationToken);
        }
    }

    /// <summary>What is behind a position; null after a failure that may pass, waited off.</summary>
    private async Task<(EventBatch? Batch, bool AppendsOpen)?> Look(
        long after,
        SubscriptionOptions options,
        Density density,
        Backoff backoff,
        CancellationToken cancellationToken)
    {
        try
        {
            var head = await heads.Read(cancellationToken);
            var batch = head.Position > after
                ? await reader.ReadPage(
                    after,
                    head.Position,
                    options.Filter,
                    options.BatchSize,
                    density,
                    cancellationToken,
                    keepUnreadable: true)
                : null;
            backoff.Reset();
            return (batch, head.AppendsOpen);
        }
        catch (NpgsqlException e) when (e is not PostgresException || e.IsTransient)
        {
            logger.LogWarning(e, "A subscription at position {Position} lost its connection; trying again.", after);
            await backoff.Wait(cancellationToken);
            return null;
        }
    }

    private static async Task WaitAtMost(Task signaled, TimeSpan poll, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(signaled, Task.Delay(poll, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
