using FluentValidation.Results;

namespace Portable.Endpoints;

/// <summary>Problem details (RFC 9457) with a list of name and reason.</summary>
public sealed class ProblemDetails
{
    public ProblemDetails() { }

    public ProblemDetails(IReadOnlyList<ValidationFailure> failures, int? statusCode = null)
    {
        Status = statusCode ?? 400;
        Errors = [.. failures.DistinctBy(failure => failure.PropertyName).Select(failure => new Error(failure))];
        Detail = failures.Count == 1 ? failures[0].ErrorMessage : null;
    }

    public string Type => "about:blank";

    public string Title => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status);

    public int Status { get; set; }

    public string Instance { get; set; } = "";

    public string TraceId { get; set; } = "";

    public string? Detail { get; set; }

    public IEnumerable<Error> Errors { get; set; } = [];

    /// <summary>One failure.</summary>
    public sealed class Error
    {
        public Error() { }

        public Error(ValidationFailure failure)
        {
            Name = PropertyPath.CamelCase(failure.PropertyName);
            Reason = failure.ErrorMessage;
        }

        /// <summary>The field.</summary>
        public string Name { get; set; } = "";

        public string Reason { get; set; } = "";
    }
}
