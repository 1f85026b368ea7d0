using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.Primitives;

namespace Portable.Endpoints;

/// <summary>Reads a value from text.</summary>
/// <returns>False where the text is no value of the type.</returns>
internal delegate bool TextParser(StringValues text, out object? value);

/// <summary>
/// Parsers by type: text, enums, URIs and whatever has a static <c>TryParse</c>. Numbers and times are invariant.
/// </summary>
internal static class TextParsers
{
    /// <returns>Null for types that text outside a body cannot express.</returns>
    public static TextParser? For(Type type)
    {
        if (type == typeof(string))
            return Text;
        if (type == typeof(Uri))
            return Uri;
        if (type.IsEnum)
            return (StringValues text, out object? value) =>
                Enum.TryParse(type, text.ToString(), ignoreCase: true, out value) && Enum.IsDefined(type, value!);
        return Compiled(type, [typeof(string), typeof(IFormatProvider), type.MakeByRefType()])
            ?? Compiled(type, [typeof(string), type.MakeByRefType()]);
    }

    private static bool Text(StringValues text, out object? value)
    {
        value = text.ToString();
        return true;
    }

    private static bool Uri(StringValues text, out object? value)
    {
        var parsed = System.Uri.TryCreate(text.ToString(), UriKind.Absolute, out var uri);
        value = uri;
        return parsed;
    }

    private static TextParser? Compiled(Type type, Type[] signature)
    {
        var method = type.GetMethod("TryParse", BindingFlags.Public | BindingFlags.Static, signature);
        if (method?.ReturnType != typeof(bool))
            return null;
        var text = Expression.Parameter(typeof(StringValues));
        var value = Expression.Parameter(typeof(object).MakeByRefType());
        var typed = Expression.Variable(type);
        var parsed = Expression.Variable(typeof(bool));
        List<Expression> arguments = [Expression.Call(text, nameof(StringValues.ToString), Type.EmptyTypes)];
        if (signature.Length == 3)
            arguments.Add(Expression.Constant(CultureInfo.InvariantCulture, typeof(IFormatProvider)));
        arguments.Add(typed);
        var body = Expression.Block(
            [typed, parsed],
            Expression.Assign(parsed, Expression.Call(method, arguments)),
            Expression.Assign(value, Expression.Convert(typed, typeof(object))),
            parsed);
        return Expression.Lambda<TextParser>(body, text, value).Compile();
    }
}
