using System.Diagnostics.Metrics;
using QueryApi.Caching;
using QueryApi.Consistency;

namespace QueryApi;

/// <summary>What this service measures, in the meter of the system.</summary>
internal sealed class QueryMetrics
{
    private static readonly KeyValuePair<string, object?> Hit = new("result", "hit");
    private static readonly KeyValuePair<string, object?> Miss = new("result", "miss");

    private readonly Histogram<double> responseTime;
    private readonly Counter<long> lookups;
    private readonly HitRate hitRate = new();

    public QueryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AspireCqrs");
        responseTime = meter.CreateHistogram<double>(
            "query_response_time", "ms", "From the request read to the answer found, waits for consistency included.");
        lookups = meter.CreateCounter<long>(
            "cache_lookups", "{lookup}", "Queries that a cache could answer, by whether one did: hit or miss.");
        meter.CreateObservableGauge(
            "cache_hit_rate", hitRate.OfLastMinute, "1", "Answers from the caches, of all in the last minute that could be.");
    }

    /// <summary>An answer was found. The level tells apart those that waited because they were asked to.</summary>
    public void Answered(string projection, Query query, TimeSpan time) => Answered(projection, LevelOf(query), time);

    /// <summary>As above, of an answer that nothing was asked of but a token, or nothing at all.</summary>
    public void Answered(string projection, bool withToken, TimeSpan time) =>
        Answered(projection, withToken ? "session" : "eventual", time);

    /// <summary>Whether a query that a cache could answer was answered by one.</summary>
    public void Cached(bool hit)
    {
        hitRate.Count(hit);
        lookups.Add(1, hit ? Hit : Miss);
    }

    private void Answered(string projection, string level, TimeSpan time)
    {
        if (!responseTime.Enabled)
            return;
        responseTime.Record(
            time.TotalMilliseconds,
            new KeyValuePair<string, object?>("projection", projection),
            new KeyValuePair<string, object?>("consistency", level));
    }

    private static string LevelOf(Query query) => query switch
    {
        { IsStrong: true } => "strong",
        { MaxStaleness: not null } => "bounded",
        { ConsistencyToken: not null } => "session",
        _ => "eventual",
    };
}
