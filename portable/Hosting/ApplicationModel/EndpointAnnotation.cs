using System.Net.Sockets;

namespace Portable.Hosting.ApplicationModel;

/// <summary>An endpoint that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<AllocatedEndpoint> allocated =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="protocol">Transport protocol.</param>
    /// <param name="uriScheme">Scheme of its URL; by default the protocol's name.</param>
    /// <param name="transport">Protocol spoken over it; by default <c>http</c> or the protocol's name.</param>
    /// <param name="name">Name, unique in the resource; by default the scheme.</param>
    /// <param name="port">Port that clients use; null for a free one.</param>
    /// <param name="targetPort">Port inside a container; kept, not used here.</param>
    /// <param name="isExternal">Whether it is meant for clients outside the application.</param>
    /// <param name="isProxied">Kept, not used here.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : protocol.ToString().ToLowerInvariant());
        Name = name ?? UriScheme;
        ResourceName.Validate(Name);
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied;
    }

    public string Name { get; set; }

    public ProtocolType Protocol { get; set; }

    /// <summary>Port that clients use; null for a free one.</summary>
    public int? Port { get; set; }

    public int? TargetPort { get; set; }

    public string UriScheme { get; set; }

    /// <summary>Address listened on.</summary>
    public string TargetHost { get; set; } = "localhost";

    public string Transport { get; set; }

    public bool IsExternal { get; set; }

    public bool IsProxied { get; set; }

    /// <summary>Address and port once they are known; null before.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => allocated.Task.IsCompletedSuccessfully ? allocated.Task.Result : null;
        set => allocated.TrySetResult(value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>Variable that takes the port (the argument <c>env</c> of <c>WithHttpEndpoint</c>).</summary>
    internal string? TargetPortEnvironmentVariable { get; set; }

    internal Task<AllocatedEndpoint> Allocated => allocated.Task;
}

/// <summary>Where an endpoint is reached.</summary>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    public EndpointAnnotation Endpoint { get; } = endpoint;

    public string Address { get; } = address;

    public int Port { get; } = port;

    public string UriScheme => Endpoint.UriScheme;

    /// <summary><c>address:port</c></summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary><c>scheme://address:port</c></summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc />
    public override string ToString() => UriString;
}
