using ServiceDefaults.Http;

namespace QueryApi.Consistency;

/// <summary>404 with what there is none of.</summary>
internal sealed class Missing(string detail) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        Problem.Write(httpContext, Problem.Of(httpContext, StatusCodes.Status404NotFound, detail));
}
