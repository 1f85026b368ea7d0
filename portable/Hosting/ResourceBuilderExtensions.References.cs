using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>
    /// Gives the resource a connection string as <c>ConnectionStrings__name</c>, and its parts as <c>NAME_HOST</c>,
    /// <c>NAME_PORT</c> and so on. A resource that this machine does not have leaves no variable.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false) where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        builder.WithRelationship(resource, KnownRelationshipTypes.Reference);
        return builder.WithEnvironment(context =>
        {
            if (resource.IsUnavailable()) return;
            var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
            context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            foreach (var (property, value) in resource.GetConnectionProperties())
                context.EnvironmentVariables[$"{VariableName(name)}_{property.ToUpperInvariant()}"] = value;
        });
    }

    /// <summary>Lets the resource find all endpoints of another one by service discovery.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        builder.WithRelationship(source.Resource, KnownRelationshipTypes.Reference);
        return builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.GetEndpoints()) Discover(context, endpoint);
        });
    }

    /// <summary>Lets the resource find one endpoint of another one by service discovery.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        builder.WithRelationship(endpointReference.Resource, KnownRelationshipTypes.Reference);
        return builder.WithEnvironment(context => Discover(context, endpointReference));
    }

    /// <summary>
    /// Sets <c>services__name__endpoint__0</c> (the key of Aspire before 13.3), the next free
    /// <c>services__name__scheme__index</c> (the key since), and <c>NAME_ENDPOINT</c>.
    /// </summary>
    private static void Discover(EnvironmentCallbackContext context, EndpointReference endpoint)
    {
        var (service, variables) = (endpoint.Resource.Name, context.EnvironmentVariables);
        if (endpoint.EndpointName != endpoint.Scheme)
            variables[$"services__{service}__{endpoint.EndpointName}__0"] = endpoint;
        var index = 0;
        while (variables.TryGetValue($"services__{service}__{endpoint.Scheme}__{index}", out var taken)
            && (taken as EndpointReference)?.EndpointName != endpoint.EndpointName) index++;
        variables[$"services__{service}__{endpoint.Scheme}__{index}"] = endpoint;
        variables[$"{VariableName(service)}_{VariableName(endpoint.EndpointName)}"] = endpoint;
    }

    private static string VariableName(string name) => name.Replace('-', '_').ToUpperInvariant();
}
