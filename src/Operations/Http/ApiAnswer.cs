using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Operations.Http;

/// <summary>An answer with its ETag; 304 where the client has it already.</summary>
internal static class ApiAnswer
{
    /// <summary>One thing, or a list that is not paged.</summary>
    public static IResult Of<T>(T value) => new Tagged<T>(value, null, null);

    /// <summary>A page of a list, with <c>Total-Count</c> and <c>Link</c>.</summary>
    public static IResult Of<T>(T items, Paging paging, long total) => new Tagged<T>(items, paging, total);

    private sealed class Tagged<T>(T value, Paging? paging, long? total) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options);
            var response = context.Response;
            if (total is { } count)
            {
                response.Headers["Total-Count"] = count.ToString(CultureInfo.InvariantCulture);
                if (paging is not null && Links(context.Request, paging, count) is { Count: > 0 } links)
                    response.Headers.Link = links.ToArray();
            }

            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"");
            response.Headers.ETag = tag.ToString();
            response.Headers.CacheControl = "private, max-age=0";
            if (context.Request.GetTypedHeaders().IfNoneMatch
                .Any(known => known.Compare(tag, useStrongComparison: false)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = bytes.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
                await response.Body.WriteAsync(bytes, context.RequestAborted);
        }

        private static List<string> Links(HttpRequest request, Paging paging, long total)
        {
            List<string> links = [];
            var last = (total + paging.Size - 1) / paging.Size;
            if (total <= paging.Size || paging.Page > last)
                return links;
            if (paging.Page > 1)
            {
                Add(1, "first");
                Add(paging.Page - 1, "prev");
            }

            if (paging.Page < last)
            {
                Add(last, "last");
                Add(paging.Page + 1, "next");
            }

            return links;

            void Add(long page, string relation)
            {
                var query = request.Query.Where(pair => pair.Key != "page")
                    .ToDictionary(pair => pair.Key, pair => (string?)pair.Value.ToString());
                query["page"] = page.ToString(CultureInfo.InvariantCulture);
                var path = QueryHelpers.AddQueryString(
                    request.Path.Value!.Replace("/api/", "", StringComparison.Ordinal), query);
                links.Add($"<{path}>; rel=\"{relation}\"");
            }
        }
    }
}
