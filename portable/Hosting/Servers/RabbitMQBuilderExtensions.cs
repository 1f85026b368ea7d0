using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Running;
using Portable.Hosting.Servers;

namespace Portable.Hosting;

/// <summary>Adds RabbitMQ. Signatures and meaning are those of Aspire.Hosting.RabbitMQ.</summary>
public static class RabbitMQBuilderExtensions
{
    /// <summary>A RabbitMQ broker of the application's own: one node.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource and of its connection string.</param>
    /// <param name="userName">Administrator; by default <c>guest</c>.</param>
    /// <param name="password">Its password; by default generated.</param>
    /// <param name="port">Port for AMQP; by default a free one.</param>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        var server = new RabbitMQServerResource(
            name,
            userName?.Resource,
            password?.Resource
                ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password"));
        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            check, _ => new RabbitMQHealthCheck(server), HealthStatus.Unhealthy, tags: null));
        var resource = builder.AddResource(server)
            .WithEndpoint(port, targetPort: 5672, name: RabbitMQServerResource.PrimaryEndpointName)
            .WithHealthCheck(check);
        return resource.WithAnnotation(new LauncherAnnotation(new RabbitMQLauncher(
            server, ((DistributedApplicationBuilder)builder).Ports)));
    }

    /// <summary>Serves the management page and its HTTP API on a free port.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(
        this IResourceBuilder<RabbitMQServerResource> builder) => builder.WithManagementPlugin(port: null);

    /// <summary>Serves the management page and its HTTP API.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="port">Port; null for a free one.</param>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(
        this IResourceBuilder<RabbitMQServerResource> builder, int? port) => builder.WithEndpoint(
            RabbitMQServerResource.ManagementEndpointName,
            endpoint =>
            {
                endpoint.UriScheme = "http";
                endpoint.Transport = "http";
                endpoint.TargetPort = 15672;
                endpoint.Port = port;
            });

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
        this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.KeepingData(name);
}
