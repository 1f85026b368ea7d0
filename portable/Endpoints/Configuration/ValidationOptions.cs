namespace Portable.Endpoints;

/// <summary>How requests are validated.</summary>
public sealed class ValidationOptions
{
    /// <summary>Report fields by their JSON names.</summary>
    public bool UsePropertyNamingPolicy { get; set; } = true;
}
