using FluentValidation.Results;
using Microsoft.AspNetCore.Http;

namespace Portable.Endpoints;

/// <summary>How errors are answered.</summary>
public sealed class ErrorOptions
{
    /// <summary>The status of failed validation.</summary>
    public int StatusCode { internal get; set; } = 400;

    /// <summary>The content type of errors.</summary>
    public string ContentType { internal get; set; } = "application/problem+json";

    /// <summary>The type that <see cref="ResponseBuilder"/> builds, for OpenAPI; null: not described.</summary>
    public Type? ProducesMetadataType { internal get; set; } = typeof(ErrorResponse);

    /// <summary>The field of failures that concern none in particular.</summary>
    public string GeneralErrorsField { internal get; set; } = "GeneralErrors";

    /// <summary>Builds the body: failures, request, status.</summary>
    public Func<List<ValidationFailure>, HttpContext, int, object> ResponseBuilder { internal get; set; } =
        (failures, _, statusCode) => new ErrorResponse(failures, statusCode);

    /// <summary>Answers errors as problem details (RFC 9457) of the original's shape.</summary>
    public void UseProblemDetails()
    {
        ProducesMetadataType = typeof(ProblemDetails);
        ResponseBuilder = (failures, context, statusCode) => new ProblemDetails(failures, statusCode)
        {
            Instance = context.Request.Path,
            TraceId = context.TraceIdentifier,
        };
    }
}
