using System.Collections;

namespace ServiceDefaults.Http;

/// <summary>What a JSON value of a type looks like, in words.</summary>
public static class JsonWords
{
    /// <summary>As in "must be …".</summary>
    public static string For(Type? type)
    {
        var actual = type is null ? typeof(object) : Nullable.GetUnderlyingType(type) ?? type;
        if (actual.IsEnum)
            return $"one of {string.Join(", ", Enum.GetNames(actual).Select(FieldPath.CamelCase))}";
        if (actual == typeof(string))
            return "a string";
        if (actual == typeof(int))
            return $"a whole number between {int.MinValue} and {int.MaxValue}";
        if (actual == typeof(long))
            return $"a whole number between {long.MinValue} and {long.MaxValue}";
        if (actual == typeof(decimal) || actual == typeof(double))
            return "a number";
        if (actual == typeof(bool))
            return "true or false";
        if (actual == typeof(Guid))
            return "a UUID such as 0199a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b";
        if (actual == typeof(DateOnly))
            return "a date such as 2026-01-31";
        if (actual == typeof(DateTimeOffset) || actual == typeof(DateTime))
            return "a time such as 2026-01-31T12:00:00Z";
        return actual.IsAssignableTo(typeof(IEnumerable)) ? "a list" : "an object";
    }
}
