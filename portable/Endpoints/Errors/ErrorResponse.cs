using FluentValidation.Results;

namespace Portable.Endpoints;

/// <summary>The body of an error unless configured otherwise.</summary>
public sealed class ErrorResponse
{
    public ErrorResponse() { }

    public ErrorResponse(List<ValidationFailure> failures, int statusCode = 400)
    {
        StatusCode = statusCode;
        foreach (var group in failures.GroupBy(failure => PropertyPath.CamelCase(failure.PropertyName)))
            Errors[group.Key] = [.. group.Select(failure => failure.ErrorMessage)];
    }

    public int StatusCode { get; set; }

    public string Message { get; set; } = "One or more errors occurred!";

    /// <summary>Messages by field.</summary>
    public Dictionary<string, List<string>> Errors { get; set; } = [];
}
