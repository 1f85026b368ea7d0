namespace Portable.Endpoints;

#pragma warning disable CA1716 // the original's names
/// <summary>HTTP methods.</summary>
public enum Http
{
    GET = 1,
    POST = 2,
    PUT = 3,
    PATCH = 4,
    DELETE = 5,
    HEAD = 6,
}

/// <summary>Nothing, as a result.</summary>
public sealed class Void
{
    /// <summary>The one instance.</summary>
    public static readonly Void Instance = new();

    private Void() { }
}
#pragma warning restore CA1716

/// <summary>A request of which nothing is bound.</summary>
public sealed class EmptyRequest
{
    /// <summary>The one instance.</summary>
    public static EmptyRequest Instance { get; } = new();

    private EmptyRequest() { }
}

/// <summary>A response without a body.</summary>
public sealed class EmptyResponse
{
    /// <summary>The one instance.</summary>
    public static EmptyResponse Instance { get; } = new();

    private EmptyResponse() { }
}

/// <summary>Keeps an endpoint or validator from being found at start.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DontRegisterAttribute : Attribute;
