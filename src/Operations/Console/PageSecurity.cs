namespace Operations.Console;

/// <summary>What browsers are told about the page, and which requests it may make.</summary>
internal static class PageSecurity
{
    /// <summary>Scripts, styles and calls of this origin only; nothing inline, no frames.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Sets the headers, and refuses what a page of another origin would have done in an operator's name. Browsers say
    /// where a request comes from; tools that are no browsers send neither header, and no cookie either.
    /// </summary>
    public static ValueTask<object?> OnlyFromThePage(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        Protect(context.Response);
        return IsForeign(context.Request)
            ? ValueTask.FromResult<object?>(Results.Problem(
                "The request comes from a page of another origin.", statusCode: StatusCodes.Status403Forbidden))
            : next(invocation);
    }

    public static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
    }

    /// <summary>Whether a request that changes something was made by a page of another origin.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method))
            return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
