using System.Text.Json;

namespace Portable.Endpoints;

/// <summary>How JSON is read and written.</summary>
public sealed class SerializerOptions
{
    /// <summary>A copy of the application's own HTTP JSON options, to be changed for endpoints alone.</summary>
    public JsonSerializerOptions Options { get; internal set; } = new();
}
