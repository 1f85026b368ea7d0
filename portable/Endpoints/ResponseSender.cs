using FluentValidation.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Portable.Endpoints;

/// <summary>Extend this to add ways of answering.</summary>
public interface IResponseSender
{
    HttpContext HttpContext { get; }

    List<ValidationFailure> ValidationFailures { get; }

    EndpointDefinition Definition { get; }
}

/// <summary>
/// The ways to answer. A token that is not given is the request's own, which ends when the client goes away.
/// </summary>
public readonly struct ResponseSender<TRequest, TResponse>(Endpoint<TRequest, TResponse> ep) : IResponseSender
    where TRequest : notnull
{
    public HttpContext HttpContext => ep.HttpContext;

    public List<ValidationFailure> ValidationFailures => ep.ValidationFailures;

    public EndpointDefinition Definition => ep.Definition;

    /// <summary>200 with a body.</summary>
    public Task<Void> OkAsync(TResponse response, CancellationToken cancellation) =>
        // Where a response can be any object, OkAsync(token) means this overload to the compiler.
        typeof(TResponse) == typeof(object) && response is CancellationToken token
            ? Bare(StatusCodes.Status200OK, token)
            : Json(response, StatusCodes.Status200OK, cancellation);

    /// <summary>200 with a body.</summary>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public Task<Void> OkAsync(TResponse response) => OkAsync(response, CancellationToken.None);

    /// <summary>200 without a body.</summary>
    public Task<Void> OkAsync(CancellationToken cancellation) => Bare(StatusCodes.Status200OK, cancellation);

    /// <summary>200 without a body.</summary>
    public Task<Void> OkAsync() => OkAsync(CancellationToken.None);

    /// <summary>A body with any status.</summary>
    public Task<Void> ResponseAsync(
        TResponse response, int statusCode = 200, CancellationToken cancellation = default) =>
        Json(response, statusCode, cancellation);

    /// <summary>201 with the address of what was created, by the endpoint that shows it.</summary>
    public Task<Void> CreatedAtAsync<TEndpoint>(
        object? routeValues = null,
        TResponse? responseBody = default,
        Http? verb = null,
        int? routeNumber = null,
        bool generateAbsoluteUrl = false,
        CancellationToken cancellation = default) where TEndpoint : IEndpoint =>
        CreatedAtAsync(
            NameOf<TEndpoint>(verb, routeNumber), routeValues, responseBody, generateAbsoluteUrl, cancellation);

    /// <summary>201 with the address of what was created, by endpoint name.</summary>
    public Task<Void> CreatedAtAsync(
        string endpointName,
        object? routeValues = null,
        TResponse? responseBody = default,
        bool generateAbsoluteUrl = false,
        CancellationToken cancellation = default) =>
        At(StatusCodes.Status201Created, endpointName, routeValues, responseBody, generateAbsoluteUrl, cancellation);

    /// <summary>202 with the address where the outcome will be, by the endpoint that shows it.</summary>
    public Task<Void> AcceptedAtAsync<TEndpoint>(
        object? routeValues = null,
        TResponse? responseBody = default,
        Http? verb = null,
        int? routeNumber = null,
        bool generateAbsoluteUrl = false,
        CancellationToken cancellation = default) where TEndpoint : IEndpoint =>
        AcceptedAtAsync(
            NameOf<TEndpoint>(verb, routeNumber), routeValues, responseBody, generateAbsoluteUrl, cancellation);

    /// <summary>202 with the address where the outcome will be, by endpoint name.</summary>
    public Task<Void> AcceptedAtAsync(
        string endpointName,
        object? routeValues = null,
        TResponse? responseBody = default,
        bool generateAbsoluteUrl = false,
        CancellationToken cancellation = default) =>
        At(StatusCodes.Status202Accepted, endpointName, routeValues, responseBody, generateAbsoluteUrl, cancellation);

    /// <summary>204.</summary>
    public Task<Void> NoContentAsync(CancellationToken cancellation = default) =>
        Bare(StatusCodes.Status204NoContent, cancellation);

    /// <summary>304.</summary>
    public Task<Void> NotModifiedAsync(CancellationToken cancellation = default) =>
        Bare(StatusCodes.Status304NotModified, cancellation);

    /// <summary>404 without a body.</summary>
    public Task<Void> NotFoundAsync(CancellationToken cancellation = default) =>
        Bare(StatusCodes.Status404NotFound, cancellation);

    /// <summary>401 without a body.</summary>
    public Task<Void> UnauthorizedAsync(CancellationToken cancellation = default) =>
        Bare(StatusCodes.Status401Unauthorized, cancellation);

    /// <summary>403 without a body.</summary>
    public Task<Void> ForbiddenAsync(CancellationToken cancellation = default) =>
        Bare(StatusCodes.Status403Forbidden, cancellation);

    /// <summary>Any status without a body.</summary>
    public Task<Void> StatusCodeAsync(int statusCode, CancellationToken cancellation = default) =>
        Bare(statusCode, cancellation);

    /// <summary>What was found wrong, as the configured response builder puts it.</summary>
    public async Task<Void> ErrorsAsync(int statusCode = 400, CancellationToken cancellation = default)
    {
        var errors = ep.Definition.Config.Errors;
        var body = errors.ResponseBuilder(ep.ValidationFailures, HttpContext, statusCode);
        await Write(body, statusCode, errors.ContentType, cancellation);
        return Void.Instance;
    }

    /// <summary>Text.</summary>
    public async Task<Void> StringAsync(
        string content,
        int statusCode = 200,
        string contentType = "text/plain; charset=utf-8",
        CancellationToken cancellation = default)
    {
        HttpContext.MarkResponseStart();
        HttpContext.Response.StatusCode = statusCode;
        HttpContext.Response.ContentType = contentType;
        await HttpContext.Response.WriteAsync(content, TokenOr(cancellation));
        return Void.Instance;
    }

    /// <summary>Any result of ASP.NET Core's.</summary>
    public async Task<Void> ResultAsync(IResult result)
    {
        HttpContext.MarkResponseStart();
        await result.ExecuteAsync(HttpContext);
        return Void.Instance;
    }

    private string NameOf<TEndpoint>(Http? verb, int? routeNumber) =>
        Definition.Config.Endpoints.NameGenerator(
            new EndpointNameGenerationContext(typeof(TEndpoint), verb?.ToString(), routeNumber, null)
            {
                ShortEndpointNames = Definition.Config.Endpoints.IsShort,
            });

    private async Task<Void> Json(TResponse response, int statusCode, CancellationToken cancellation)
    {
        await Write(response, statusCode, "application/json", cancellation);
        return Void.Instance;
    }

    private async Task<Void> Bare(int statusCode, CancellationToken cancellation)
    {
        HttpContext.MarkResponseStart();
        HttpContext.Response.StatusCode = statusCode;
        // Started here, as the original does: an empty answer given on purpose is not to be filled in by middleware.
        await HttpContext.Response.StartAsync(TokenOr(cancellation));
        return Void.Instance;
    }

    private async Task<Void> At(
        int statusCode,
        string endpointName,
        object? routeValues,
        TResponse? body,
        bool absolute,
        CancellationToken cancellation)
    {
        var links = HttpContext.RequestServices.GetRequiredService<LinkGenerator>();
        HttpContext.Response.Headers.Location = absolute
            ? links.GetUriByName(HttpContext, endpointName, routeValues)
            : links.GetPathByName(endpointName, routeValues);
        return body is null ? await Bare(statusCode, cancellation) : await Json(body, statusCode, cancellation);
    }

    private Task Write(object? body, int statusCode, string contentType, CancellationToken cancellation)
    {
        HttpContext.MarkResponseStart();
        HttpContext.Response.StatusCode = statusCode;
        return body is null
            ? Task.CompletedTask
            : HttpContext.Response.WriteAsJsonAsync(
                body, body.GetType(), Definition.Config.Serializer.Options, $"{contentType}; charset=utf-8",
                TokenOr(cancellation));
    }

    private CancellationToken TokenOr(CancellationToken given) =>
        given == CancellationToken.None ? HttpContext.RequestAborted : given;
}
