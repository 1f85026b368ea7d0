using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ProblemDetails = Microsoft.AspNetCore.Mvc.ProblemDetails;

namespace ServiceDefaults.Http;

/// <summary>Problem details (RFC 9457) as both APIs write them.</summary>
public static class Problem
{
    /// <summary>The content type of problem details.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>How long a client should leave a service alone that cannot serve.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>A problem of this status.</summary>
    /// <param name="detail">What is wrong and what to do about it; null: what the status says by itself.</param>
    /// <param name="type">A URI that names the problem; null: <c>about:blank</c>, the status is all there is to
    /// it.</param>
    public static ProblemDetails Of(HttpContext context, int status, string? detail = null, string? type = null) =>
        Complete(context, status, new ProblemDetails { Detail = detail ?? DetailOf(context, status), Type = type });

    /// <summary>A request that is wrong by itself.</summary>
    /// <param name="failures">Fields with what is wrong with each; names become camelCase paths.</param>
    public static ProblemDetails Invalid(
        HttpContext context, int status, IEnumerable<(string Field, string Message)> failures)
    {
        var errors = failures
            .GroupBy(failure => FieldPath.CamelCase(failure.Field), failure => failure.Message)
            .ToDictionary(group => group.Key, group => group.Distinct().ToArray());
        return Complete(context, status, new HttpValidationProblemDetails(errors)
        {
            Detail = string.Join("; ", errors.Select(error => $"{error.Key} {string.Join(", ", error.Value)}")),
        });
    }

    /// <summary>Answers with the problem. A 503 tells when to come again.</summary>
    public static Task Write(HttpContext context, ProblemDetails problem)
    {
        context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return context.Response.WriteAsJsonAsync(
            problem, problem.GetType(), options: null, ContentType, context.RequestAborted);
    }

    private static ProblemDetails Complete(HttpContext context, int status, ProblemDetails problem)
    {
        problem.Status = status;
        problem.Title = ReasonPhrases.GetReasonPhrase(status);
        problem.Type ??= "about:blank";
        problem.Instance = context.Request.Path;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        return problem;
    }

    private static string DetailOf(HttpContext context, int status) => status switch
    {
        StatusCodes.Status404NotFound =>
            $"There is nothing at {context.Request.Path}; /openapi/v1.json lists what there is.",
        StatusCodes.Status405MethodNotAllowed =>
            $"{context.Request.Path} does not take {context.Request.Method}; use {context.Response.Headers.Allow}.",
        StatusCodes.Status415UnsupportedMediaType =>
            $"The body must be JSON (Content-Type: application/json), was {ContentTypeOf(context.Request)}.",
        StatusCodes.Status500InternalServerError =>
            "Something went wrong here. The service's log has it under the traceId of this answer.",
        StatusCodes.Status503ServiceUnavailable => "The service cannot serve now; try again later.",
        _ => ReasonPhrases.GetReasonPhrase(status),
    };

    private static string ContentTypeOf(HttpRequest request) =>
        request.ContentType is { Length: > 0 } type ? type : "sent without a Content-Type";
}
