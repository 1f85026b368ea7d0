using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Portable.Endpoints;

/// <summary>What every route runs: makes the endpoint that the route belongs to and lets it answer.</summary>
internal sealed class RequestHandler : IResult
{
    public static RequestHandler Instance { get; } = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var route = httpContext.GetEndpoint()!;
        if (httpContext.Request.ContentType is null
            && route.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts && !accepts.ContentTypes.Contains("*/*"))
        {
            // Routing refuses a wrong content type; a missing one it lets pass.
            httpContext.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        var definition = route.Metadata.GetMetadata<EndpointDefinition>()!;
        if (definition.LargestBody is { } size
            && httpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = size;
        var endpoint = (BaseEndpoint)definition.CreateEndpoint(httpContext.RequestServices, null);
        endpoint.Definition = definition;
        endpoint.HttpContext = httpContext;
        if (endpoint is IDisposable disposable)
            httpContext.Response.RegisterForDispose(disposable);
        if (endpoint is IAsyncDisposable asyncDisposable)
            httpContext.Response.RegisterForDisposeAsync(asyncDisposable);
        return endpoint.ExecAsync(httpContext.RequestAborted);
    }
}
