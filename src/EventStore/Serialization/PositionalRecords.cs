using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace EventStore.Serialization;

/// <summary>
/// Reads positional records member by member: by their constructor, System.Text.Json gathers the arguments in objects
/// of their own first, and boxes them where they are many.
/// </summary>
/// <remarks>
/// Only a record that is nothing but its positional members is read so: made with defaults and then set, it is the one
/// that its constructor would have made. One that holds more, or refuses the defaults, is read by its constructor.
/// </remarks>
internal static class PositionalRecords
{
    /// <summary>For <see cref="DefaultJsonTypeInfoResolver.Modifiers"/>.</summary>
    public static void SetMembers(JsonTypeInfo info)
    {
        if (info is { Kind: JsonTypeInfoKind.Object, CreateObject: null }
            && info.Properties.All(member => member.Set is not null)
            && PrimaryConstructor(info.Type) is { } constructor
            && WithDefaults(constructor) is { } create)
            info.CreateObject = create;
    }

    /// <returns>Null: it is no positional record, or has a field that is none of its positional members.</returns>
    private static ConstructorInfo? PrimaryConstructor(Type type)
    {
        const BindingFlags declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        if (type.BaseType != typeof(object)
            || type.GetMethod("<Clone>$") is null
            || type.GetConstructors() is not [var constructor])
            return null;
        var parameters = constructor.GetParameters();
        return type.GetFields(declared).Length == parameters.Length
            && type.GetMethod("Deconstruct", [.. parameters.Select(each => each.ParameterType.MakeByRefType())]) is { } all
            && all.IsDefined(typeof(CompilerGeneratedAttribute))
            && parameters.All(each => type.GetProperty(each.Name!)?.SetMethod is { } set
                && set.IsDefined(typeof(CompilerGeneratedAttribute)))
            ? constructor
            : null;
    }

    private static Func<object>? WithDefaults(ConstructorInfo constructor)
    {
        var create = Expression.Lambda<Func<object>>(
            Expression.New(constructor, constructor.GetParameters().Select(Default))).Compile();
        try
        {
            _ = create();
            return create;
        }
        catch (Exception)
        {
            // It wants its members from the beginning.
            return null;
        }
    }

    private static Expression Default(ParameterInfo parameter) => parameter is { HasDefaultValue: true, DefaultValue: { } value }
        ? Expression.Convert(Expression.Constant(value), parameter.ParameterType)
        : Expression.Default(parameter.ParameterType);
}
