using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Running;

namespace Portable.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Is healthy when an HTTP endpoint answers.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Path asked for; by default <c>/</c>.</param>
    /// <param name="statusCode">Status of a healthy answer; by default 200.</param>
    /// <param name="endpointName">Endpoint asked; by default the first HTTP endpoint.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints => builder.WithHttpHealthCheck(
            () => endpointName is not null
                ? builder.GetEndpoint(endpointName)
                : builder.Resource.GetEndpoints().FirstOrDefault(endpoint => endpoint.Scheme is "http" or "https")
                    ?? throw new DistributedApplicationException(
                        $"The resource '{builder.Resource.Name}' has a health check over HTTP but no HTTP endpoint."),
            path, statusCode);

    /// <inheritdoc cref="WithHttpHealthCheck{T}(IResourceBuilder{T}, string?, int?, string?)" />
    /// <param name="endpointSelector">Finds the endpoint asked.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        Func<EndpointReference>? endpointSelector,
        string? path = null,
        int? statusCode = null) where T : IResourceWithEndpoints
    {
        if (endpointSelector is null) return builder.WithHttpHealthCheck(path, statusCode);
        var status = statusCode ?? StatusCodes.Ok;
        var key = $"{builder.Resource.Name}_http_{path ?? "/"}_{status}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, _ => new HttpHealthCheck(endpointSelector, path ?? "/", status), HealthStatus.Unhealthy, tags: null));
        return builder.WithHealthCheck(key);
    }

    private static class StatusCodes
    {
        public const int Ok = 200;
    }
}
