using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Portable.Endpoints;

/// <summary>A property that a request can fill.</summary>
/// <param name="Name">Its name in route and query.</param>
/// <param name="Parse">Reads its value from text; null where only JSON can hold it.</param>
internal sealed record BoundProperty(
    string Name,
    Type Type,
    bool IsNullable,
    TextParser? Parse,
    Action<object, object?> Set,
    Source Disabled,
    bool IsRequired,
    string? Header,
    bool HeaderIsRequired);

/// <summary>What reflection says about a request type, compiled to delegates once.</summary>
internal static class BoundType
{
    /// <summary>Makes an instance by the shortest constructor, with its parameters' defaults.</summary>
    /// <exception cref="NotSupportedException">The type has no public constructor.</exception>
    public static Func<object> FactoryOf(Type type)
    {
        if (type == typeof(EmptyRequest))
            return () => EmptyRequest.Instance;
        var constructor = type.GetConstructors().MinBy(candidate => candidate.GetParameters().Length)
            ?? throw new NotSupportedException($"The request type {type.FullName} needs a public constructor.");
        var arguments = constructor.GetParameters().Select(parameter =>
            parameter is { HasDefaultValue: true, DefaultValue: { } value }
                ? (Expression)Expression.Constant(value, parameter.ParameterType)
                : Expression.Default(parameter.ParameterType));
        var instance = Expression.Convert(Expression.New(constructor, arguments), typeof(object));
        return Expression.Lambda<Func<object>>(instance).Compile();
    }

    public static BoundProperty[] PropertiesOf(Type type, Config config) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0
                && property.GetSetMethod() is not null
                && property.GetGetMethod() is not null
                && property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition != JsonIgnoreCondition.Always)
            .Select(property => Bound(property, config)),
    ];

    private static BoundProperty Bound(PropertyInfo property, Config config)
    {
        var name = property.GetCustomAttribute<BindFromAttribute>()?.Name ?? FieldName(property, config);
        var sources = property.GetCustomAttribute<DontBindAttribute>();
        var header = property.GetCustomAttribute<FromHeaderAttribute>();
        var nullable = Nullable.GetUnderlyingType(property.PropertyType);
        return new BoundProperty(
            name,
            nullable ?? property.PropertyType,
            nullable is not null,
            TextParsers.For(nullable ?? property.PropertyType),
            Setter(property),
            sources?.BindingSources ?? 0,
            sources?.IsRequired ?? false,
            header is null ? null : header.HeaderName ?? name,
            header?.IsRequired ?? false);
    }

    private static string FieldName(PropertyInfo property, Config config) =>
        config.Binding.UsePropertyNamingPolicy && config.Serializer.Options.PropertyNamingPolicy is { } naming
            ? naming.ConvertName(property.Name)
            : property.Name;

    private static Action<object, object?> Setter(PropertyInfo property)
    {
        var owner = Expression.Parameter(typeof(object));
        var value = Expression.Parameter(typeof(object));
        var assign = Expression.Assign(
            Expression.Property(Expression.Convert(owner, property.DeclaringType!), property),
            Expression.Convert(value, property.PropertyType));
        return Expression.Lambda<Action<object, object?>>(assign, owner, value).Compile();
    }
}
