using System.Diagnostics.Metrics;
using QueryApi.Consistency;

namespace QueryApi;

/// <summary>What this service measures, in the meter of the system.</summary>
internal sealed class QueryMetrics
{
    private readonly Histogram<double> responseTime;

    public QueryMetrics(IMeterFactory meters) =>
        responseTime = meters.Create("AspireCqrs").CreateHistogram<double>(
            "query_response_time", "ms", "From the request read to the answer found, waits for consistency included.");

    /// <summary>An answer was found. The level tells apart those that waited because they were asked to.</summary>
    public void Answered(string projection, Query query, TimeSpan time) =>
        responseTime.Record(
            time.TotalMilliseconds,
            new KeyValuePair<string, object?>("projection", projection),
            new KeyValuePair<string, object?>("consistency", LevelOf(query)));

    private static string LevelOf(Query query) => query switch
    {
        { ConsistencyToken: not null } => "session",
        { MaxStaleness: not null } => "bounded",
        _ => "eventual",
    };
}
