using System.Reflection;
using Portable.Messaging.Routing;
using Portable.Messaging.Transport;

namespace Portable.Messaging;

/// <summary>Says which endpoint a command goes to. A route of a type wins over one of its namespace, that over one of
/// its assembly.</summary>
public class RoutingSettings
{
    private readonly CommandRoutes routes;

    internal RoutingSettings(CommandRoutes routes) => this.routes = routes;

    /// <summary>Sends this type to <paramref name="destination"/>.</summary>
    public void RouteToEndpoint(Type messageType, string destination)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentException.ThrowIfNullOrEmpty(destination);
        routes.Add(messageType, destination);
    }

    /// <summary>Sends all commands of an assembly to <paramref name="destination"/>.</summary>
    public void RouteToEndpoint(Assembly assembly, string destination)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentException.ThrowIfNullOrEmpty(destination);
        routes.Add(assembly, @namespace: null, destination);
    }

    /// <summary>Sends all commands of one namespace of an assembly to <paramref name="destination"/>; an empty
    /// namespace means the types without one.</summary>
    public void RouteToEndpoint(Assembly assembly, string @namespace, string destination)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentException.ThrowIfNullOrEmpty(destination);
        routes.Add(assembly, @namespace ?? "", destination);
    }
}

/// <summary>Routes on the transport <typeparamref name="T"/>.</summary>
public class RoutingSettings<T> : RoutingSettings
    where T : TransportDefinition
{
    internal RoutingSettings(CommandRoutes routes)
        : base(routes)
    {
    }
}
