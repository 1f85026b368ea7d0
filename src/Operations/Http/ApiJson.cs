using System.Text.Json;
using System.Text.Json.Serialization;

namespace Operations.Http;

/// <summary>JSON as ServicePulse reads it: snake_case, enums in camelCase, nulls left out.</summary>
internal static class ApiJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
