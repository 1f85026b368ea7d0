using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Running;
using Portable.Hosting.Servers;

namespace Portable.Hosting;

/// <summary>Adds Redis. Signatures and meaning are those of Aspire.Hosting.Redis.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>A Redis server of the application's own.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port) =>
        builder.AddRedis(name, port, password: null);

    /// <inheritdoc cref="AddRedis(IDistributedApplicationBuilder, string, int?)" />
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource and of its connection string.</param>
    /// <param name="port">Port; by default a free one.</param>
    /// <param name="password">Its password; by default generated.</param>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        var server = new RedisResource(
            name,
            password?.Resource
                ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password"));
        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            check, _ => new RedisHealthCheck(server), HealthStatus.Unhealthy, tags: null));
        return builder.AddResource(server)
            .WithEndpoint(port, targetPort: 6379, name: RedisResource.PrimaryEndpointName)
            .WithAnnotation(new LauncherAnnotation(new RedisLauncher(server)))
            .WithHealthCheck(check);
    }

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.KeepingData(name);

    /// <summary>Sets the port; null for a free one.</summary>
    public static IResourceBuilder<RedisResource> WithHostPort(
        this IResourceBuilder<RedisResource> builder, int? port) =>
        builder.WithEndpoint(RedisResource.PrimaryEndpointName, endpoint => endpoint.Port = port);
}
