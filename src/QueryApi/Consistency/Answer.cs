using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace QueryApi.Consistency;

/// <summary>
/// 200 with a JSON document and its <c>ETag</c>, or 304 without, where the client has that document already. The tag is
/// a digest of the bytes: the same content has the same tag on every instance.
/// </summary>
internal sealed class Answer<T>(T value) : IResult
{
    private const int TagLength = 16;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var body = JsonSerializer.SerializeToUtf8Bytes(value, options);
        var tag = $"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, TagLength))}\"";

        var response = httpContext.Response;
        response.Headers.ETag = tag;
        // A copy may be kept, but has to be checked before it is used: what a client sees must not go back in time.
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = "Tenant";
        if (IsKnown(httpContext.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    private static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Tag == tag);
}
