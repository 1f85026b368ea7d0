using System.Diagnostics;
using QueryApi.Caching;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Consistency;

/// <summary>
/// Answers a query at the consistency its headers ask for: from the cache where that is enough, else it waits for the
/// model where it must, reads, and says in the headers of the answer how fresh it is. The one way from a store to a
/// client.
/// </summary>
internal sealed class Answers(ModelReads reads, CachedReads cached, CommerceLog log, QueryMetrics metrics)
{
    /// <exception cref="ServiceUnavailableException">
    /// The store is away and nothing is cached, or the consistency asked for was not reached in time; answered 503.
    /// </exception>
    /// <exception cref="InvalidRequestException">Strong consistency, where this instance has no log.</exception>
    public async Task<IResult> Give<T>(
        HttpContext http, Query query, Source<T> source, CancellationToken cancellationToken)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        var (answer, mark, status, stale) = query.IsStrong
            ? await Strong(query, source, cancellationToken)
            : await cached.Read(http, query, source, cancellationToken);
        metrics.Answered(source.Projection, query, Stopwatch.GetElapsedTime(started));
        var headers = http.Response.Headers;
        FreshnessHeaders.Write(headers, mark, stale);
        headers[CacheStatus.Header] = status;
        if (stale is not null && answer is not null)
            headers.Age = $"{Math.Max(0, (long)(DateTime.UtcNow - answer.ReadAt).TotalSeconds)}";
        return answer is null ? new Missing(source.Missing) : new EncodedAnswer(answer);
    }

    private async Task<Given> Strong<T>(Query query, Source<T> source, CancellationToken cancellationToken)
        where T : class
    {
        if (!log.IsThere || source.Strong is null)
        {
            throw new InvalidRequestException(
                Query.LevelHeader,
                $"cannot be strong here, as this instance has no event log (connection string '{CommerceLog.Name}'); to "
                + $"read your own writes send {Query.TokenHeader}");
        }

        var reading = await reads.Until(query, "the event log", source.Strong, cancellationToken);
        return new Given(cached.Encode(source, reading, build: "", route: null), reading.Mark, CacheStatus.Bypass, null);
    }
}

/// <param name="Answer">Null: there is no such thing.</param>
/// <param name="Stale">Why it may be older than usual.</param>
internal sealed record Given(CachedAnswer? Answer, ReadMark Mark, string Status, string? Stale);
