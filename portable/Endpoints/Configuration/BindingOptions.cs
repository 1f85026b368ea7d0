using System.Text.Json;
using FluentValidation.Results;
using Microsoft.Extensions.Primitives;

namespace Portable.Endpoints;

/// <summary>How requests are bound.</summary>
public sealed class BindingOptions
{
    /// <summary>
    /// Match route and query names with the JSON names of properties. Matching ignores case either way.
    /// </summary>
    public bool UsePropertyNamingPolicy { get; set; }

    /// <summary>An empty value of a nullable property (<c>?limit=</c>) counts as absent.</summary>
    public bool UseDefaultValuesForNullableProps { get; set; } = true;

    /// <summary>The message for a value outside the body that does not fit: property type, name, value given.</summary>
    public Func<Type, string, StringValues, string> FailureMessage { internal get; set; } =
        (type, _, value) => $"Value [{value}] is not valid for a [{type.Name}] property!";

    /// <summary>Turns malformed JSON into a failure; null lets the exception through.</summary>
    public Func<JsonException, ValidationFailure>? JsonExceptionTransformer { internal get; set; } = exception =>
        new ValidationFailure(
            exception.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
                ? path[2..]
                : "serializerErrors",
            exception.InnerException?.Message ?? exception.Message);

    /// <summary>The status that malformed JSON is answered with.</summary>
    public int JsonExceptionStatusCode { internal get; set; } = 400;
}
