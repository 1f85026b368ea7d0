namespace Portable.Endpoints;

/// <summary>Settings of all endpoints of an application, given to <c>UseFastEndpoints</c>.</summary>
public sealed class Config
{
    /// <summary>How requests are bound.</summary>
    public BindingOptions Binding { get; } = new();

    /// <summary>How endpoints are registered.</summary>
    public EndpointOptions Endpoints { get; } = new();

    /// <summary>How errors are answered.</summary>
    public ErrorOptions Errors { get; } = new();

    /// <summary>How JSON is read and written.</summary>
    public SerializerOptions Serializer { get; } = new();

    /// <summary>How requests are validated.</summary>
    public ValidationOptions Validation { get; } = new();
}
