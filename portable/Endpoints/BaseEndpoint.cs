using FluentValidation.Results;
using Microsoft.AspNetCore.Http;

namespace Portable.Endpoints;

/// <summary>Marks a class as an endpoint; found when the application starts.</summary>
public interface IEndpoint : IResponseSender;

/// <summary>What every endpoint has, whatever its request and response.</summary>
public abstract class BaseEndpoint : IEndpoint
{
    /// <summary>The configuration of this endpoint's class; the same object for every request.</summary>
    public EndpointDefinition Definition { get; internal set; } = null!;

    /// <summary>The request being answered.</summary>
    public HttpContext HttpContext { get; internal set; } = null!;

    /// <summary>What was found wrong with the request so far.</summary>
    public List<ValidationFailure> ValidationFailures { get; } = [];

    /// <summary>
    /// Says where the endpoint listens and how it is described. Called once, when the application starts.
    /// </summary>
    [NotImplemented]
    public virtual void Configure() =>
        throw new NotSupportedException($"{GetType().FullName} must override Configure() to say where it listens.");

    internal abstract Task ExecAsync(CancellationToken ct);
}

/// <summary>A base method that an endpoint class is expected to override; how start-up tells which it did.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
internal sealed class NotImplementedAttribute : Attribute;
