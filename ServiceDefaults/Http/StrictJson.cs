using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ServiceDefaults.Http;

/// <summary>JSON as the APIs read and write it: camelCase, and nothing accepted that would then be ignored.</summary>
internal static class StrictJson
{
    public static void Apply(JsonSerializerOptions json, HttpApiOptions api)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver())
            .WithAddedModifier(type => LeaveOut(type, api.IsOutsideBody));
    }

    /// <summary>A value that the route has, the body cannot contradict: there it is an unknown field.</summary>
    private static void LeaveOut(JsonTypeInfo type, Func<PropertyInfo, bool> isOutsideBody)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider is PropertyInfo property && isOutsideBody(property))
                type.Properties.RemoveAt(i);
        }
    }
}
