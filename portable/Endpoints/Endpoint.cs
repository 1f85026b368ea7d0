using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portable.Endpoints;

/// <summary>
/// An endpoint with a request and a response: <see cref="BaseEndpoint.Configure"/> says where it listens, and either
/// <see cref="HandleAsync"/> (answers through <see cref="Send"/>) or <see cref="ExecuteAsync"/> (returns the response)
/// does the work. One instance per request, made by dependency injection.
/// </summary>
public abstract partial class Endpoint<TRequest, TResponse> : BaseEndpoint where TRequest : notnull
{
    /// <summary>Ways to answer. The first answer wins; a handler that gives none answers 204.</summary>
    protected ResponseSender<TRequest, TResponse> Send => new(this);

    /// <summary>Who asks, as authentication found out.</summary>
    public System.Security.Claims.ClaimsPrincipal User => HttpContext.User;

    /// <summary>The application's configuration.</summary>
    public IConfiguration Config => Resolve<IConfiguration>();

    /// <summary>The environment the application runs in.</summary>
    public IHostEnvironment Env => Resolve<IHostEnvironment>();

    /// <summary>A logger in the endpoint's name.</summary>
    public ILogger Logger => Resolve<ILoggerFactory>().CreateLogger(Definition.EndpointType);

    /// <summary>True once an answer was given, sent or not.</summary>
    public bool ResponseStarted => HttpContext.ResponseStarted();

    /// <summary>A service of the request's scope.</summary>
    /// <exception cref="InvalidOperationException">The service is not registered.</exception>
    public TService Resolve<TService>() where TService : class =>
        HttpContext.RequestServices.GetRequiredService<TService>();

    /// <summary>Does the work and answers through <see cref="Send"/>.</summary>
    [NotImplemented]
    public virtual Task HandleAsync(TRequest req, CancellationToken ct) => throw NotOverridden(nameof(HandleAsync));

    /// <summary>Does the work and returns what is sent with 200.</summary>
    [NotImplemented]
    public virtual Task<TResponse> ExecuteAsync(TRequest req, CancellationToken ct) =>
        throw NotOverridden(nameof(ExecuteAsync));

    internal override async Task ExecAsync(CancellationToken ct)
    {
        try
        {
            var binder = (RequestBinder<TRequest>)Definition.Binder;
            var request = await binder.BindAsync(HttpContext, ValidationFailures, ct);
            await Validate(request, ct);
            if (Definition.ExecuteAsyncImplemented)
                await AnswerWith(await ExecuteAsync(request, ct), ct);
            else
                await HandleAsync(request, ct);
            if (!ResponseStarted)
                await Send.NoContentAsync(ct);
        }
        catch (JsonException malformed) when (!ResponseStarted
                                              && Definition.Config.Binding.JsonExceptionTransformer is not null)
        {
            ValidationFailures.Add(Definition.Config.Binding.JsonExceptionTransformer(malformed));
            await Send.ErrorsAsync(Definition.Config.Binding.JsonExceptionStatusCode, ct);
        }
        catch (ValidationFailureException invalid) when (!ResponseStarted)
        {
            await Send.ErrorsAsync(invalid.StatusCode ?? Definition.Config.Errors.StatusCode, ct);
        }
    }

    private Task AnswerWith(TResponse response, CancellationToken ct) => response switch
    {
        _ when ResponseStarted => Task.CompletedTask,
        null => Send.NoContentAsync(ct),
        IResult result => Send.ResultAsync(result),
        _ => Send.ResponseAsync(response, HttpContext.Response.StatusCode, ct),
    };

    private async Task Validate(TRequest request, CancellationToken ct)
    {
        if (Definition.RequestValidator is not IValidator<TRequest> validator)
            return;
        var result = await validator.ValidateAsync(request, ct);
        ValidationFailures.AddRange(result.Errors);
        ThrowIfAnyErrors();
    }

    private NotSupportedException NotOverridden(string method) =>
        new($"{GetType().FullName} was asked to run {method}, which it does not override.");
}

/// <summary>An endpoint with a request whose responses have no one type.</summary>
public abstract class Endpoint<TRequest> : Endpoint<TRequest, object?> where TRequest : notnull;

/// <summary>An endpoint that takes nothing from the request but its route.</summary>
public abstract class EndpointWithoutRequest<TResponse> : Endpoint<EmptyRequest, TResponse>
{
    /// <summary>Does the work and answers through <c>Send</c>.</summary>
    [NotImplemented]
    public virtual Task HandleAsync(CancellationToken ct) => base.HandleAsync(EmptyRequest.Instance, ct);

    /// <summary>Does the work and returns what is sent with 200.</summary>
    [NotImplemented]
    public virtual Task<TResponse> ExecuteAsync(CancellationToken ct) => base.ExecuteAsync(EmptyRequest.Instance, ct);

    /// <summary>Override the overload without a request.</summary>
    [NotImplemented]
    public sealed override Task HandleAsync(EmptyRequest req, CancellationToken ct) => HandleAsync(ct);

    /// <summary>Override the overload without a request.</summary>
    [NotImplemented]
    public sealed override Task<TResponse> ExecuteAsync(EmptyRequest req, CancellationToken ct) => ExecuteAsync(ct);
}

/// <summary>
/// An endpoint that takes nothing from the request but its route, and whose responses have no one type.
/// </summary>
public abstract class EndpointWithoutRequest : EndpointWithoutRequest<object?>;
