using System.Linq.Expressions;
using System.Text.Json;

namespace Portable.Endpoints;

/// <summary>Paths of fields as errors name them: <c>Lines[0].Quantity</c>.</summary>
internal static class PropertyPath
{
    /// <summary>The path that an expression such as <c>request =&gt; request.Lines[0].Quantity</c> means.</summary>
    /// <exception cref="NotSupportedException">The expression is more than properties and indexes.</exception>
    public static string Of(Expression expression) => expression switch
    {
        MemberExpression { Expression: null or ParameterExpression } member => member.Member.Name,
        MemberExpression member => $"{Of(member.Expression)}.{member.Member.Name}",
        UnaryExpression conversion => Of(conversion.Operand),
        BinaryExpression { NodeType: ExpressionType.ArrayIndex } element =>
            $"{Of(element.Left)}[{Value(element.Right)}]",
        MethodCallExpression { Object: { } list, Method.Name: "get_Item", Arguments: [var index] } =>
            $"{Of(list)}[{Value(index)}]",
        _ => throw new NotSupportedException(
            $"{expression} names no field: use properties and indexes, as in request => request.Lines[0].Quantity."),
    };

    public static string CamelCase(string path) => JsonNamingPolicy.CamelCase.ConvertName(path);

    private static object? Value(Expression index) => index is ConstantExpression constant
        ? constant.Value
        : Expression.Lambda<Func<object?>>(Expression.Convert(index, typeof(object))).Compile().Invoke();
}
