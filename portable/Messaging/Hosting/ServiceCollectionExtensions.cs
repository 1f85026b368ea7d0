using Microsoft.Extensions.DependencyInjection;

namespace Portable.Messaging;

/// <summary>Hosts an endpoint in the generic host.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Runs the endpoint with the host and offers its <see cref="IMessageSession"/> in the container. With
    /// several endpoints in one host, each has an identifier, by which its session is a keyed service.</summary>
    public static void AddNServiceBusEndpoint(
        this IServiceCollection services,
        EndpointConfiguration endpointConfiguration,
        object? endpointIdentifier = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(endpointConfiguration);
        foreach (var registration in endpointConfiguration.ServiceRegistrations)
        {
            registration(services);
        }

        services.AddSingleton(endpointConfiguration);
    }
}
