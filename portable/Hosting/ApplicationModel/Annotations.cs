namespace Portable.Hosting.ApplicationModel;

/// <summary>Says what a resource waits for before it starts.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public WaitType WaitType { get; } = waitType;

    /// <summary>What to do when it fails to start; null for the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }

    /// <summary>Exit code that counts as success for <see cref="WaitType.WaitForCompletion"/>.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>What to wait for.</summary>
public enum WaitType
{
    WaitUntilHealthy,
    WaitForCompletion,
    WaitUntilStarted,
}

/// <summary>What to do when a resource waited for fails to start.</summary>
public enum WaitBehavior
{
    /// <summary>Go on waiting: someone may start it.</summary>
    WaitOnResourceUnavailable,

    /// <summary>Give up.</summary>
    StopOnResourceUnavailable,
}

/// <summary>Number of processes that a project runs in.</summary>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    public int Replicas { get; } = replicas;
}

/// <summary>The resource starts only when a user asks for it.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>Names a registered health check that tells whether the resource is healthy.</summary>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    public string Key { get; } = key;
}

/// <summary>Relates a resource to another one, for display.</summary>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    /// <summary>One of <c>Reference</c>, <c>WaitFor</c>, <c>Parent</c>.</summary>
    public string Type { get; } = type;
}

/// <summary>How long a server lives.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the application host.</summary>
    Session,

    /// <summary>
    /// Here as <see cref="Session"/>: nothing outlives the host, and data of a volume is kept anyway.
    /// </summary>
    Persistent,
}

/// <summary>The lifetime asked for.</summary>
public sealed class ContainerLifetimeAnnotation : IResourceAnnotation
{
    public required ContainerLifetime Lifetime { get; set; }
}

/// <summary>The data of a server is kept between runs.</summary>
internal sealed class DataVolumeAnnotation(string? name) : IResourceAnnotation
{
    /// <summary>Name of the folder; null for the resource's.</summary>
    public string? Name { get; } = name;
}

/// <summary>The resource cannot be had on this machine and the application goes without it.</summary>
internal sealed class UnavailableAnnotation(string reason) : IResourceAnnotation
{
    public string Reason { get; } = reason;
}
