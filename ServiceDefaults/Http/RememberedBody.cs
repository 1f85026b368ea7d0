using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Http;

/// <summary>
/// Keeps what was read of a JSON body, so that an error can show the value it is about. Bodies are small (the limit is
/// in <see cref="HttpApiOptions.MaxBodySize"/>) and stay in pooled memory.
/// </summary>
internal static class RememberedBody
{
    private const int InMemory = 1024 * 1024;

    public static Task Remember(HttpContext context, RequestDelegate next)
    {
        if (context.Request.HasJsonContentType())
            context.Request.EnableBuffering(InMemory);
        return next(context);
    }

    /// <summary>What was read of the body so far; empty where nothing was kept.</summary>
    public static byte[] Of(HttpRequest request)
    {
        if (!request.Body.CanSeek)
            return [];
        // The length of the buffer is what has arrived; reading no further than that never waits.
        var read = new byte[request.Body.Length];
        request.Body.Position = 0;
        request.Body.ReadExactly(read);
        return read;
    }
}
