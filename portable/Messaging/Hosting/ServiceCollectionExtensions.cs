using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Portable.Messaging.Hosting;
using Portable.Messaging.Persistence;
using Portable.Messaging.Persistence.Sql;

namespace Portable.Messaging;

/// <summary>Hosts an endpoint in the generic host.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Runs the endpoint with the host and offers its <see cref="IMessageSession"/> in the container; handlers
    /// can be given <see cref="ISqlStorageSession"/>. With several endpoints in one host, each has an identifier, by
    /// which its session is a keyed service, and names its handlers itself.</summary>
    public static void AddNServiceBusEndpoint(
        this IServiceCollection services,
        EndpointConfiguration endpointConfiguration,
        object? endpointIdentifier = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(endpointConfiguration);
        AssertDistinct(services, endpointConfiguration, endpointIdentifier);
        services.AddSingleton(new EndpointRegistration(endpointConfiguration, endpointIdentifier));
        foreach (var registration in endpointConfiguration.ServiceRegistrations)
        {
            registration(services);
        }

        services.AddLogging();
        services.AddMetrics();
        services.TryAddScoped<MessageScope>();
        services.TryAddScoped(provider => provider.GetRequiredService<MessageScope>().Required);
        services.TryAddScoped(provider => provider.GetRequiredService<MessageScope>().Sql);
        if (endpointIdentifier is null)
        {
            services.AddSingleton(provider => new EndpointRuntime(endpointConfiguration, provider));
            services.AddSingleton<IMessageSession>(provider => provider.GetRequiredService<EndpointRuntime>().Session);
            services.AddSingleton<IHostedService>(
                provider => new EndpointService(provider.GetRequiredService<EndpointRuntime>()));
            return;
        }

        services.AddKeyedSingleton(
            endpointIdentifier, (provider, _) => new EndpointRuntime(endpointConfiguration, provider));
        services.AddKeyedSingleton<IMessageSession>(
            endpointIdentifier,
            (provider, key) => provider.GetRequiredKeyedService<EndpointRuntime>(key).Session);
        services.AddSingleton<IHostedService>(
            provider => new EndpointService(provider.GetRequiredKeyedService<EndpointRuntime>(endpointIdentifier)));
    }

    private static void AssertDistinct(
        IServiceCollection services, EndpointConfiguration configuration, object? identifier)
    {
        EndpointRegistration[] others =
            [.. services.Select(d => d.ImplementationInstance).OfType<EndpointRegistration>()];
        if (others.Length == 0)
        {
            return;
        }

        if (identifier is null || Array.Exists(others, o => o.Identifier is null || o.Identifier.Equals(identifier)))
        {
            throw new InvalidOperationException(
                $"Endpoint '{configuration.EndpointName}' shares its host with "
                + $"'{others[0].Configuration.EndpointName}': give each an endpointIdentifier of its own.");
        }

        if (!configuration.Scanner.Disable || Array.Exists(others, o => !o.Configuration.Scanner.Disable))
        {
            throw new InvalidOperationException(
                "Endpoints that share a host must name their handlers with AddHandler and AddSaga and disable scanning "
                + "(endpointConfiguration.AssemblyScanner().Disable = true).");
        }
    }

    private sealed record EndpointRegistration(EndpointConfiguration Configuration, object? Identifier);
}
