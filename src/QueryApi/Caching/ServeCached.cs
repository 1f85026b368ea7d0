using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using QueryApi.Consistency;
using ServiceDefaults.Http;

namespace QueryApi.Caching;

/// <summary>
/// Answers from memory before routing, binding and validation: an answer that is there was asked for with the very same
/// target before and found right. Whatever asks for more than a token goes the long way, and so does what is not cached
/// or does not hold.
/// </summary>
internal sealed class ServeCached(RequestDelegate next, AnswerCache memory, Validity validity, QueryMetrics metrics)
{
    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        var headers = request.Headers;
        if (!HttpMethods.IsGet(request.Method)
            || TenantOf(headers) is not { } tenant
            || TokenOf(headers) is not { } token
            || headers.ContainsKey(Query.MaxStalenessHeader)
            || headers.ContainsKey(Query.LevelHeader)
            || headers.ContainsKey(Query.TimeoutHeader))
            return next(http);
        var started = Stopwatch.GetTimestamp();
        if (memory.Find(tenant, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } answer
            || !validity.Holds(answer, token, out var mark))
            return next(http);

        // For the route in metrics and traces.
        http.SetEndpoint(answer.Route);
        metrics.Cached(hit: true);
        metrics.Answered(answer.Projection, token > 0, Stopwatch.GetElapsedTime(started));
        return AnswerWriter.Write(http, answer, mark, CacheStatus.Hit);
    }

    /// <summary>Null where the header needs a closer look. Only valid names were ever cached under.</summary>
    private static string? TenantOf(IHeaderDictionary headers) =>
        !headers.TryGetValue(TenantExtensions.Header, out var values) ? TenantExtensions.Default
        : values.Count == 1 ? values[0]
        : null;

    /// <summary>0 without a token; null where the header needs a closer look.</summary>
    private static long? TokenOf(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Query.TokenHeader, out StringValues values))
            return 0;
        return values.Count == 1
            && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var token)
            ? token
            : null;
    }
}
