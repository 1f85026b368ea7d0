using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Commerce.Contracts;

namespace ServiceDefaults.Messaging;

/// <summary>What operators see of a saga's data.</summary>
internal static class SagaState
{
    private const string Withheld = "(personal)";

    private static readonly JsonSerializerOptions Shown = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WithoutPersonalData } },
    };

    /// <summary>
    /// Its properties as text, other than text as JSON; what is <see cref="PersonalDataAttribute">personal data</see>
    /// only whether it is there. A history of sagas is not sealed as the event log is, so it does not hold it.
    /// </summary>
    public static Dictionary<string, string> Of(object data)
    {
        var state = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in data.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetValue(data) is not { } value)
                continue;
            state[property.Name] = property.IsDefined(typeof(PersonalDataAttribute))
                ? Withheld
                : value as string ?? JsonSerializer.Serialize(value, value.GetType(), Shown).Trim('"');
        }

        return state;
    }

    private static void WithoutPersonalData(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider?.IsDefined(typeof(PersonalDataAttribute), inherit: true) == true)
                property.ShouldSerialize = (_, _) => false;
        }
    }
}
