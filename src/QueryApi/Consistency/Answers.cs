using System.Diagnostics;
using ServiceDefaults.Http;

namespace QueryApi.Consistency;

/// <summary>
/// Answers a query at the consistency its headers ask for: waits for the model where it must, reads, and says in the
/// headers of the answer how fresh it is. The one way from a store to a client.
/// </summary>
internal sealed class Answers(Freshness freshness, QueryMetrics metrics)
{
    /// <summary>
    /// How soon to read again what showed less than its checkpoint promised: a model filled anew, a replica.
    /// </summary>
    private static readonly TimeSpan LookAgainSoon = TimeSpan.FromMilliseconds(50);

    /// <summary>How soon to look again whether a model has caught up with the log, if no event moves it.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    /// <param name="projection">The projection whose model <paramref name="read"/> reads.</param>
    /// <param name="missing">What there is none of, for the 404.</param>
    /// <param name="read">One read of the model; called again while the model is not far enough.</param>
    /// <exception cref="ServiceUnavailableException">
    /// The store is away, or the consistency asked for was not reached in time; answered 503.
    /// </exception>
    public async Task<IResult> Give<T>(
        HttpContext http,
        Query query,
        string projection,
        string missing,
        Func<CancellationToken, Task<Reading<T>>> read,
        CancellationToken cancellationToken)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        var reading = await Read(query, projection, read, cancellationToken);
        metrics.Answered(projection, query, Stopwatch.GetElapsedTime(started));
        FreshnessHeaders.Write(http.Response.Headers, reading.Mark, reading.Stale);
        return reading.Value is null ? new Missing(missing) : new Answer<T>(reading.Value);
    }

    /// <summary>
    /// Reads at the consistency asked for, for those who answer otherwise than with one JSON document.
    /// </summary>
    /// <exception cref="ServiceUnavailableException">As above.</exception>
    public async Task<Reading<T>> Read<T>(
        Query query,
        string projection,
        Func<CancellationToken, Task<Reading<T>>> read,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (query.ConsistencyToken is { } token)
                await Reach(projection, token, query, Left(), cancellationToken);
            var reading = await read(cancellationToken);
            var behind = reading.Mark.Position < query.ConsistencyToken;
            if (!behind && !TooOld(reading.Mark, query))
                return reading;
            if (Left() <= TimeSpan.Zero)
                throw behind ? NotReached(projection, query) : StillTooOld(projection, reading.Mark, query);
            await WaitToLookAgain(projection, reading.Mark, behind, Left(), cancellationToken);
        }

        TimeSpan Left() => query.Patience() - Stopwatch.GetElapsedTime(started);
    }

    private async Task Reach(
        string projection, long token, Query query, TimeSpan left, CancellationToken cancellationToken)
    {
        switch (await freshness.WaitFor(projection, token, left, cancellationToken))
        {
            case WaitOutcome.TimedOut:
                throw NotReached(projection, query);
            case WaitOutcome.TooManyWaiting:
                throw new ServiceUnavailableException(
                    "Too many requests wait for consistency already. Ask again shortly, or without "
                    + $"{Query.TokenHeader} for what is there.");
            case WaitOutcome.Reached:
                break;
        }
    }

    /// <summary>
    /// The next checkpoint may bring what is missed; so may time, where the feed and the store disagree.
    /// </summary>
    private async Task WaitToLookAgain(
        string projection, ReadMark mark, bool behind, TimeSpan left, CancellationToken cancellationToken)
    {
        if (behind)
        {
            await Task.Delay(LookAgainSoon, cancellationToken);
            return;
        }

        await freshness.WaitFor(projection, mark.Position + 1, left < LookAgain ? left : LookAgain, cancellationToken);
        await Task.Yield();
    }

    /// <summary>A model of unknown age may be any age.</summary>
    private static bool TooOld(ReadMark mark, Query query) =>
        query.AgeLimit() is { } limit && !(mark.Staleness <= limit);

    private ServiceUnavailableException NotReached(string projection, Query query) => new(
        $"'{projection}' has reached {freshness.Position(projection)}, not {Query.TokenHeader} "
        + $"{query.ConsistencyToken}, within {query.Patience().TotalSeconds:0.###} s. Ask again, allow more with "
        + $"{Query.TimeoutHeader}, or ask without the token for what is there.");

    private static ServiceUnavailableException StillTooOld(string projection, ReadMark mark, Query query) => new(
        $"'{projection}' is {(mark.Staleness is { } age ? $"{age.TotalMilliseconds:0} ms" : "an unknown time")} "
        + $"behind, more than {Query.MaxStalenessHeader} {query.MaxStaleness} allows, and stayed so for "
        + $"{query.Patience().TotalSeconds:0.###} s. Ask again, or allow more.");
}
