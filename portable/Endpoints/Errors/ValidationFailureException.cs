using FluentValidation.Results;

namespace Portable.Endpoints;

/// <summary>Ends a request that is answered with its validation failures.</summary>
public sealed class ValidationFailureException : Exception
{
    public ValidationFailureException() { }

    public ValidationFailureException(string? message) : base(message) { }

    public ValidationFailureException(string? message, Exception? innerException) : base(message, innerException) { }

    public ValidationFailureException(IEnumerable<ValidationFailure> failures, string message)
        : base($"{message}: {string.Join("; ", failures.Select(f => $"{f.PropertyName} {f.ErrorMessage}"))}") =>
        Failures = failures;

    public IEnumerable<ValidationFailure>? Failures { get; init; }

    /// <summary>The status to answer with; null: the configured one.</summary>
    public int? StatusCode { get; internal init; }
}
