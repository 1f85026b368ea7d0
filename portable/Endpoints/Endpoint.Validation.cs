using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using FluentValidation;
using FluentValidation.Results;

namespace Portable.Endpoints;

// Errors that a handler finds itself.
public abstract partial class Endpoint<TRequest, TResponse>
{
    /// <summary>True if anything was found wrong.</summary>
    public bool ValidationFailed => ValidationFailures.Count > 0;

    /// <summary>Notes a failure and goes on.</summary>
    public void AddError(ValidationFailure failure) => ValidationFailures.Add(failure);

    /// <summary>Notes a failure of no field in particular and goes on.</summary>
    public void AddError(string message, string? errorCode = null, Severity severity = Severity.Error) =>
        AddError(Failure(Definition.Config.Errors.GeneralErrorsField, message, errorCode, severity));

    /// <summary>Notes a failure of a field and goes on.</summary>
    public void AddError(
        Expression<Func<TRequest, object?>> property,
        string errorMessage,
        string? errorCode = null,
        Severity severity = Severity.Error) =>
        AddError(Failure(PropertyPath.Of(property.Body), errorMessage, errorCode, severity));

    /// <summary>Notes a failure and ends the request with it.</summary>
    /// <param name="statusCode">The answer's status; null: the configured one (400).</param>
    [DoesNotReturn]
    public void ThrowError(ValidationFailure failure, int? statusCode = null)
    {
        AddError(failure);
        throw new ValidationFailureException(ValidationFailures, $"{nameof(ThrowError)} was called")
        {
            StatusCode = statusCode,
        };
    }

    /// <summary>Ends the request with a failure of no field in particular.</summary>
    [DoesNotReturn]
    public void ThrowError(string message, int? statusCode = null) =>
        ThrowError(Failure(Definition.Config.Errors.GeneralErrorsField, message, null, Severity.Error), statusCode);

    /// <summary>Ends the request with a failure of a field.</summary>
    [DoesNotReturn]
    public void ThrowError(Expression<Func<TRequest, object?>> property, string errorMessage, int? statusCode = null) =>
        ThrowError(Failure(PropertyPath.Of(property.Body), errorMessage, null, Severity.Error), statusCode);

    /// <summary>Ends the request if anything was found wrong.</summary>
    public void ThrowIfAnyErrors(int? statusCode = null)
    {
        if (ValidationFailed)
        {
            throw new ValidationFailureException(ValidationFailures, $"{nameof(ThrowIfAnyErrors)} found failures")
            {
                StatusCode = statusCode,
            };
        }
    }

    private static ValidationFailure Failure(string field, string message, string? errorCode, Severity severity) =>
        new(field, message) { ErrorCode = errorCode, Severity = severity };
}
