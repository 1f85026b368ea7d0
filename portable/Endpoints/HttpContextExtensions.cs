using Microsoft.AspNetCore.Http;

namespace Portable.Endpoints;

/// <summary>What an endpoint and code around it can ask of a request.</summary>
public static class HttpContextExtensions
{
    private static readonly object Started = new();

    /// <summary>Says that the answer is being written by other means.</summary>
    public static void MarkResponseStart(this HttpContext httpCtx) => httpCtx.Items[Started] = null;

    /// <summary>True once an answer was given, even if no byte has left yet.</summary>
    public static bool ResponseStarted(this HttpContext httpCtx) =>
        httpCtx.Response.HasStarted || httpCtx.Items.ContainsKey(Started);
}
