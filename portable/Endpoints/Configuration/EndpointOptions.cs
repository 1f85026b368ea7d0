namespace Portable.Endpoints;

/// <summary>How endpoints are registered.</summary>
public sealed class EndpointOptions
{
    /// <summary>Names an endpoint; the name is its OpenAPI operation id and what links are made by.</summary>
    public Func<EndpointNameGenerationContext, string> NameGenerator { internal get; set; } = context =>
    {
        var type = context.ShortEndpointNames
            ? context.EndpointType.Name
            : context.EndpointType.FullName!.Replace(".", "", StringComparison.Ordinal);
        var verb = context.HttpVerb is { Length: > 0 } name ? name[0] + name[1..].ToLowerInvariant() : "";
        return $"{verb}{type}{context.RouteNumber}";
    };

    /// <summary>Name endpoints by class name alone, without the namespace.</summary>
    public bool ShortNames { set => IsShort = value; }

    /// <summary>Put before every route.</summary>
    public string? RoutePrefix { internal get; set; }

    /// <summary>Which endpoints to register; null: all.</summary>
    public Func<EndpointDefinition, bool>? Filter { internal get; set; }

    /// <summary>Runs for every endpoint after its own <c>Configure</c>.</summary>
    public Action<EndpointDefinition>? Configurator { internal get; set; }

    internal bool IsShort { get; private set; }
}

/// <summary>What an endpoint's name can be made of.</summary>
public struct EndpointNameGenerationContext(Type endpointType, string? httpVerb, int? routeNumber, string? tagPrefix)
{
    public Type EndpointType { get; internal init; } = endpointType;

    /// <summary>Given where the endpoint listens for several methods.</summary>
    public string? HttpVerb { get; internal set; } = httpVerb;

    /// <summary>Given, from 1, where the endpoint listens on several routes.</summary>
    public int? RouteNumber { get; internal init; } = routeNumber;

    public string? TagPrefix { get; internal set; } = tagPrefix;

    public bool ShortEndpointNames { get; internal init; }
}
