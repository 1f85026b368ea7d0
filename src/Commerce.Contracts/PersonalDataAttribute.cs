using System.Reflection;
using System.Text.Json;

namespace Commerce.Contracts;

/// <summary>
/// Says about a member that it is about a person, wherever the record it belongs to is part of an event. In the log it
/// is sealed with the key of the person that <see cref="DataSubjects"/> names; when that key is destroyed, text reads
/// as
/// <c>[erased]</c> and anything else is left out, so the type of such a member has to allow for it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalDataAttribute : Attribute
{
    /// <summary>The marked members of a type and of the records and lists in it, as JSON paths.</summary>
    internal static IReadOnlyList<string> PathsIn(Type type) => [.. Paths(type, "")];

    private static IEnumerable<string> Paths(Type type, string prefix)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var path = prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (property.IsDefined(typeof(PersonalDataAttribute)))
            {
                yield return path;
                continue;
            }
            var inner = property.PropertyType.IsGenericType
                ? property.PropertyType.GetGenericArguments()[^1]
                : property.PropertyType;
            if (inner.Assembly != typeof(PersonalDataAttribute).Assembly)
                continue;
            foreach (var deeper in Paths(inner, $"{path}."))
                yield return deeper;
        }
    }
}
