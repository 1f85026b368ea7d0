using Microsoft.Extensions.Configuration;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Processes;

namespace Portable.Hosting.Running;

/// <summary>
/// Gives every endpoint its port before anything starts, so that all values are known from the beginning.
/// </summary>
internal sealed class EndpointAllocation(PortReservations ports, IConfiguration configuration, bool randomize)
{
    /// <summary>Servers listen on IPv4 loopback alone; a name would let clients try IPv6 first.</summary>
    private const string ServerAddress = "127.0.0.1";

    public void Allocate(IResource resource)
    {
        if (resource.IsUnavailable()) return;
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.AllocatedEndpoint is not null) continue;
            var address = resource is ContainerResource ? ServerAddress : endpoint.TargetHost;
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, address, Fixed(resource, endpoint) ?? ports.Reserve());
        }
    }

    /// <summary>Checks that the ports a user asked for can be listened on.</summary>
    /// <exception cref="DistributedApplicationException">A port is taken or may not be used.</exception>
    public void Verify(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (Fixed(resource, endpoint) is not { } port || PortReservations.IsFree(port)) continue;
            throw new DistributedApplicationException(
                $"Port {port} of '{resource.Name}' is taken by {ProcessTable.ListenerOn(port)}. Stop that one, or use " +
                $"another port: --{Key(resource, endpoint)}=PORT (0 takes a free one).");
        }
    }

    private int? Fixed(IResource resource, EndpointAnnotation endpoint)
    {
        if (randomize) return null;
        var configured = configuration.GetValue<int?>(Key(resource, endpoint));
        return (configured ?? endpoint.Port) is > 0 and var port ? port : null;
    }

    /// <summary><c>Ports:name</c>, or <c>Ports:name:endpoint</c> for an endpoint beside the main one.</summary>
    private static string Key(IResource resource, EndpointAnnotation endpoint) =>
        resource.Annotations.OfType<EndpointAnnotation>().First() == endpoint
            ? $"Ports:{resource.Name}"
            : $"Ports:{resource.Name}:{endpoint.Name}";
}
