using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using QueryApi.Caching;
using ServiceDefaults.Http;

namespace QueryApi.Consistency;

/// <summary>Reads through the caches: this process's memory, then Redis, then the model.</summary>
internal sealed class CachedReads(
    AnswerCache memory,
    SharedCache shared,
    Validity validity,
    ModelReads reads,
    Freshness freshness,
    QueryMetrics metrics,
    QueryApiSettings settings,
    IOptions<JsonOptions> json)
{
    /// <exception cref="ServiceUnavailableException">
    /// The store is away and nothing is cached that the query allows, or the consistency asked for was not reached in
    /// time.
    /// </exception>
    public async Task<Given> Read<T>(
        HttpContext http, Query query, Source<T> source, CancellationToken cancellationToken)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        var key = AnswerCache.Key(http.Tenant(), TargetOf(http));
        var route = http.GetEndpoint();
        var status = memory.Find(key) is null ? CacheStatus.Miss : CacheStatus.Outdated;
        if (Cached(key, query) is { } hit)
            return hit;
        await reads.Reach(query, source.Projection, started, cancellationToken);
        while (true)
        {
            if (Cached(key, query) is { } held)
                return held;
            var (outcome, joined) = await ReadModel(key, query, source, route, cancellationToken);
            if (outcome.Stale is { } stale)
                return stale;
            var (answer, mark, fromRedis) = outcome;
            if (ModelReads.IsEnough(mark, query))
            {
                metrics.Cached(hit: fromRedis);
                var how = (fromRedis ? CacheStatus.SharedHit : status) + (joined ? CacheStatus.Collapsed : "");
                return new Given(answer, mark, outcome.IsStored ? how + CacheStatus.Stored : how, outcome.Warning);
            }

            // What was joined may have begun before the wait was over: then a read of its own is next.
            if (!joined)
                await reads.WaitToLookAgain(query, source.Projection, mark, started, cancellationToken);
        }
    }

    /// <summary>Encodes what was read; null where there is nothing.</summary>
    public CachedAnswer? Encode<T>(Source<T> source, Reading<T> reading, string build, Endpoint? route)
        where T : class
    {
        if (reading.Value is null)
            return null;
        var (body, tag) = CachedAnswer.Encode(reading.Value, json.Value.SerializerOptions);
        int[] places = [.. source.MadeOf(reading.Value).Select(Changes.Place)];
        return new CachedAnswer(body, tag, source.Projection, build, reading.Mark, DateTime.UtcNow, places)
        {
            Route = route,
        };
    }

    private Given? Cached(string key, Query query)
    {
        if (memory.Find(key) is not { } answer
            || !validity.Holds(answer, query.ConsistencyToken ?? 0, out var mark)
            || !ModelReads.IsEnough(mark, query))
            return null;
        metrics.Cached(hit: true);
        return new Given(answer, mark, CacheStatus.Hit, Stale: null);
    }

    private async Task<(Outcome Outcome, bool Joined)> ReadModel<T>(
        string key, Query query, Source<T> source, Endpoint? route, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await memory.ReadOnce(key, () => Fill(key, source, route), cancellationToken);
        }
        catch (ServiceUnavailableException away)
        {
            if (await LastKnown(key, source, query, away) is not { } stale)
                throw;
            metrics.Cached(hit: true);
            return (new Outcome(null, default, false) { Stale = stale }, false);
        }
    }

    /// <summary>One read for all who ask at this moment, so it does not end with the request that began it.</summary>
    private async Task<Outcome> Fill<T>(string key, Source<T> source, Endpoint? route)
        where T : class
    {
        using var limit = new CancellationTokenSource(settings.StoreTimeout * 2);
        // Known before the read: if the build changes meanwhile, what was read counts as the old one's and is dropped.
        var build = freshness.Last(source.Projection)?.Storage;
        if (source.Shared && await shared.Find(key) is { } found && validity.Holds(found, 0, out var mark))
        {
            var held = found with { Route = route };
            memory.Keep(key, held);
            return new Outcome(held, mark, FromRedis: true);
        }

        var reading = await source.Read(limit.Token);
        var answer = Encode(source, reading, build ?? "", route);
        if (answer is null || build is null || reading.Stale is not null)
            return new Outcome(answer, reading.Mark, false) { Warning = reading.Stale };
        memory.Keep(key, answer);
        if (source.Shared)
            shared.Keep(key, answer);
        return new Outcome(answer, reading.Mark, false) { IsStored = true };
    }

    /// <summary>The last answer known, where the query allows its age and it shows the query's token.</summary>
    private async Task<Given?> LastKnown<T>(
        string key, Source<T> source, Query query, ServiceUnavailableException away)
        where T : class
    {
        var answer = memory.Find(key) ?? (source.Shared ? await shared.Find(key) : null);
        if (answer is null)
            return null;
        var mark = new ReadMark(validity.Through(answer), answer.AgeNow);
        return ModelReads.IsEnough(mark, query)
            ? new Given(answer, mark, CacheStatus.Stale(DateTime.UtcNow - answer.ReadAt), away.Message)
            : null;
    }

    private static string TargetOf(HttpContext http) => http.Features.Get<IHttpRequestFeature>()!.RawTarget;

    /// <param name="Answer">Null: there is no such thing.</param>
    private sealed record Outcome(CachedAnswer? Answer, ReadMark Mark, bool FromRedis)
    {
        public bool IsStored { get; init; }

        /// <summary>Why it may be older than usual.</summary>
        public string? Warning { get; init; }

        /// <summary>The last known answer, given because the store is away.</summary>
        public Given? Stale { get; init; }
    }
}
