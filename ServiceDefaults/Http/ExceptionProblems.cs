using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProblemDetails = Microsoft.AspNetCore.Mvc.ProblemDetails;

namespace ServiceDefaults.Http;

/// <summary>Turns what no endpoint caught into problem details.</summary>
internal sealed partial class ExceptionProblems(HttpApiOptions options, ILogger<ExceptionProblems> logger)
    : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true; // nobody is left to read an answer
        }

        await Problem.Write(httpContext, ProblemOf(httpContext, exception));
        return true;
    }

    private ProblemDetails ProblemOf(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case InvalidRequestException invalid:
                return Problem.Invalid(context, invalid.StatusCode, [(invalid.Field, invalid.Fault)]);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Problem.Of(
                    context,
                    StatusCodes.Status413PayloadTooLarge,
                    $"The body is larger than the {options.MaxBodySize} bytes accepted here; send less.");
            case BadHttpRequestException bad:
                return Problem.Of(context, bad.StatusCode, bad.Message);
            case JsonException malformed:
                return Problem.Invalid(
                    context, StatusCodes.Status400BadRequest, [JsonFault.Explain(context, malformed)]);
            case ServiceUnavailableException away:
                Unavailable(logger, away.Message, away.InnerException);
                return Problem.Of(context, StatusCodes.Status503ServiceUnavailable, away.Message);
            case DbException outage when IsOutage(outage):
            case TimeoutException or OperationCanceledException:
                Unavailable(logger, exception.Message, exception);
                return Problem.Of(context, StatusCodes.Status503ServiceUnavailable);
            default:
                Unexpected(logger, context.Request.Method, context.Request.Path, exception);
                return Problem.Of(context, StatusCodes.Status500InternalServerError);
        }
    }

    /// <summary>
    /// The connection failed, or the server is starting, stopping or full (SQLSTATE classes 08 and 57P).
    /// </summary>
    private static bool IsOutage(DbException exception) => exception.IsTransient
        || exception.SqlState?.StartsWith("08", StringComparison.Ordinal) is true
        || exception.SqlState?.StartsWith("57P", StringComparison.Ordinal) is true;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Answered 503: {Reason}")]
    private static partial void Unavailable(ILogger logger, string reason, Exception? exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Unexpected(ILogger logger, string method, string path, Exception exception);
}
