namespace Portable.Hosting.ApplicationModel;

/// <summary>A part of the application: a server, a database, a project, a parameter.</summary>
public interface IResource
{
    /// <summary>Name of the resource, unique in the application without regard to case.</summary>
    string Name { get; }

    /// <summary>What is known about the resource beyond its type: endpoints, waits, environment, commands.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>A resource that runs with environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that runs with command line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>
/// A resource whose endpoints others find by service discovery (<c>services__name__scheme__index</c>).
/// </summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that can be probed while it runs.</summary>
public interface IResourceWithProbes : IResource;

/// <summary>A resource that lives inside another one, as a database does in its server.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource around this one.</summary>
    IResource Parent { get; }
}

/// <inheritdoc />
public interface IResourceWithParent<out T> : IResourceWithParent where T : IResource
{
    /// <summary>The resource around this one.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>A fact attached to a resource.</summary>
public interface IResourceAnnotation;

/// <summary>What to do with an annotation of the same type that is there already.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>Keep it, add the new one.</summary>
    Append,

    /// <summary>Remove it.</summary>
    Replace,
}
