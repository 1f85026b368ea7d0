using Microsoft.Net.Http.Headers;
using QueryApi.Caching;

namespace QueryApi.Consistency;

/// <summary>
/// Writes 200 with the bytes of a JSON document, or 304 without where the client has that document already.
/// </summary>
internal static class AnswerWriter
{
    private const string ContentType = "application/json; charset=utf-8";

    /// <summary>
    /// A copy may be kept, but has to be checked before it is used: what a client sees never goes back.
    /// </summary>
    private const string CacheControl = "private, no-cache";

    public static Task Write(HttpContext http, byte[] body, Microsoft.Extensions.Primitives.StringValues tag)
    {
        var response = http.Response;
        var headers = response.Headers;
        headers.ETag = tag;
        headers.CacheControl = CacheControl;
        headers.Vary = "Tenant";
        var known = http.Request.Headers.IfNoneMatch;
        if (known.Count > 0 && IsKnown(known, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = ContentType;
        headers.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }

    /// <summary>Headers and body of an answer from the cache.</summary>
    public static Task Write(HttpContext http, CachedAnswer answer, ReadMark mark, string cacheStatus)
    {
        FreshnessHeaders.Write(http.Response.Headers, mark, stale: null);
        http.Response.Headers[CacheStatus.Header] = cacheStatus;
        return Write(http, answer.Body, answer.TagHeader);
    }

    private static bool IsKnown(Microsoft.Extensions.Primitives.StringValues known, string? tag) =>
        EntityTagHeaderValue.TryParseList(known, out var tags)
        && tags.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Tag == tag);
}
