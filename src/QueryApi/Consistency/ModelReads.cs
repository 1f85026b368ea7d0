using System.Diagnostics;
using ServiceDefaults.Http;

namespace QueryApi.Consistency;

/// <summary>Reads a model until it shows what a query asks for, or the query's time is up.</summary>
internal sealed class ModelReads(Freshness freshness)
{
    /// <summary>How soon to read again what showed less than its checkpoint promised: a model filled anew.</summary>
    private static readonly TimeSpan LookAgainSoon = TimeSpan.FromMilliseconds(20);

    /// <summary>How soon to look again whether a model has caught up with the log, if no event moves it.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for the model where the query has a token, then reads it.</summary>
    /// <exception cref="ServiceUnavailableException">
    /// The store is away, or the consistency asked for was not reached in time.
    /// </exception>
    public async Task<Reading<T>> Read<T>(
        Query query, string projection, Func<CancellationToken, Task<Reading<T>>> read, CancellationToken cancellationToken)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        await Reach(query, projection, started, cancellationToken);
        return await Until(query, projection, read, cancellationToken, started);
    }

    /// <summary>Waits until the model is known to have reached the query's token.</summary>
    /// <exception cref="ServiceUnavailableException">Not in time, or too many wait already.</exception>
    public async Task Reach(Query query, string projection, long started, CancellationToken cancellationToken)
    {
        if (query.ConsistencyToken is not { } token)
            return;
        switch (await freshness.WaitFor(projection, token, Left(query, started), cancellationToken))
        {
            case WaitOutcome.TimedOut:
                throw NotReached(projection, freshness.Position(projection), query);
            case WaitOutcome.TooManyWaiting:
                throw new ServiceUnavailableException(
                    "Too many requests wait for consistency already. Ask again shortly, or without "
                    + $"{Query.TokenHeader} for what is there.");
            case WaitOutcome.Reached:
                break;
        }
    }

    /// <summary>Reads again and again until what is read is far and fresh enough.</summary>
    /// <inheritdoc cref="Read"/>
    public async Task<Reading<T>> Until<T>(
        Query query,
        string projection,
        Func<CancellationToken, Task<Reading<T>>> read,
        CancellationToken cancellationToken,
        long? since = null)
        where T : class
    {
        var started = since ?? Stopwatch.GetTimestamp();
        while (true)
        {
            var reading = await read(cancellationToken);
            if (IsEnough(reading.Mark, query))
                return reading;
            await WaitToLookAgain(query, projection, reading.Mark, started, cancellationToken);
        }
    }

    /// <summary>The next checkpoint may bring what is missed; so may time, where feed and store disagree.</summary>
    /// <exception cref="ServiceUnavailableException">The query's time is up.</exception>
    public async Task WaitToLookAgain(
        Query query, string projection, ReadMark mark, long started, CancellationToken cancellationToken)
    {
        var behind = mark.Position < query.ConsistencyToken;
        var left = Left(query, started);
        if (left <= TimeSpan.Zero)
            throw behind ? NotReached(projection, mark.Position, query) : StillTooOld(projection, mark, query);
        if (behind)
            await Task.Delay(left < LookAgainSoon ? left : LookAgainSoon, cancellationToken);
        else
            await freshness.WaitFor(projection, mark.Position + 1, left < LookAgain ? left : LookAgain, cancellationToken);
        await Task.Yield();
    }

    /// <summary>A model of unknown age may be any age.</summary>
    public static bool IsEnough(ReadMark mark, Query query) =>
        !(mark.Position < query.ConsistencyToken) && !(query.AgeLimit() is { } limit && !(mark.Staleness <= limit));

    private static TimeSpan Left(Query query, long started) => query.Patience() - Stopwatch.GetElapsedTime(started);

    private static ServiceUnavailableException NotReached(string projection, long reached, Query query) => new(
        $"'{projection}' has reached {reached}, not {Query.TokenHeader} "
        + $"{query.ConsistencyToken}, within {query.Patience().TotalSeconds:0.###} s. Ask again, allow more with "
        + $"{Query.TimeoutHeader}, or ask without the token for what is there.");

    private static ServiceUnavailableException StillTooOld(string projection, ReadMark mark, Query query) => new(
        $"'{projection}' is {(mark.Staleness is { } age ? $"{age.TotalMilliseconds:0} ms" : "an unknown time")} "
        + $"behind, more than {Query.MaxStalenessHeader} {query.MaxStaleness} allows, and stayed so for "
        + $"{query.Patience().TotalSeconds:0.###} s. Ask again, or allow more.");
}
