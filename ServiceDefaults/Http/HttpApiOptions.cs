using System.Reflection;

namespace ServiceDefaults.Http;

/// <summary>What sets one HTTP API apart from another.</summary>
public sealed class HttpApiOptions
{
    /// <summary>Heads the OpenAPI document and the page to read it on.</summary>
    public required string Title { get; set; }

    /// <summary>A paragraph below the title; Markdown.</summary>
    public string Description { get; set; } = "";

    /// <summary>The largest body accepted, in bytes; larger ones are answered 413.</summary>
    public long MaxBodySize { get; set; } = 256 * 1024;

    /// <summary>The header that a request property is bound from; null where it comes from elsewhere.</summary>
    public Func<PropertyInfo, string?> HeaderOf { get; set; } = _ => null;

    /// <summary>
    /// True for a request property that a body must not set, because it comes from route, query or headers.
    /// </summary>
    public Func<PropertyInfo, bool> IsOutsideBody { get; set; } = _ => false;
}
