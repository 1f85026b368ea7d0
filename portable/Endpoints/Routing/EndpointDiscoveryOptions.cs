using System.Reflection;

namespace Portable.Endpoints;

/// <summary>Where endpoints and validators are looked for.</summary>
public sealed class EndpointDiscoveryOptions
{
    /// <summary>Assemblies to search beside those loaded.</summary>
    public IEnumerable<Assembly>? Assemblies { internal get; set; }

    /// <summary>Search only <see cref="Assemblies"/>.</summary>
    public bool DisableAutoDiscovery { internal get; set; }

    /// <summary>Types to take; null: all.</summary>
    public Func<Type, bool>? Filter { internal get; set; }
}
