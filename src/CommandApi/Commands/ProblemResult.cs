namespace CommandApi.Commands;

/// <summary>Answers with problem details.</summary>
internal sealed record ProblemResult(Microsoft.AspNetCore.Mvc.ProblemDetails Problem) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => ServiceDefaults.Http.Problem.Write(httpContext, Problem);
}
