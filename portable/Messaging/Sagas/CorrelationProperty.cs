using System.Globalization;
using System.Reflection;

namespace Portable.Messaging.Sagas;

/// <summary>The property of the saga's data that identifies it.</summary>
internal sealed class CorrelationProperty
{
    private static readonly HashSet<Type> Allowed =
    [
        typeof(string), typeof(Guid), typeof(long), typeof(ulong), typeof(int), typeof(uint), typeof(short),
        typeof(ushort),
    ];

    public CorrelationProperty(PropertyInfo property)
    {
        if (!Allowed.Contains(property.PropertyType))
        {
            throw new InvalidOperationException(
                $"{property.DeclaringType?.Name}.{property.Name} is a {property.PropertyType.Name}: a saga is "
                + "correlated by a string, a Guid or an integer.");
        }

        Property = property;
    }

    public PropertyInfo Property { get; }

    public string Name => Property.Name;

    public Type Type => Property.PropertyType;

    public object? ValueIn(IContainSagaData data) => Property.GetValue(data);

    public void Write(IContainSagaData data, object value) => Property.SetValue(data, value);

    /// <summary>A header's text as a value of this property.</summary>
    public object Parse(string text)
    {
        if (Type == typeof(string))
        {
            return text;
        }

        return Type == typeof(Guid)
            ? Guid.Parse(text, CultureInfo.InvariantCulture)
            : Convert.ChangeType(text, Type, CultureInfo.InvariantCulture);
    }
}
