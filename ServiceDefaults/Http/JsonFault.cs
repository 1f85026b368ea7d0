using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Http;

/// <summary>Says what is wrong with a JSON body in terms of its fields and values.</summary>
public static class JsonFault
{
    private const int LongestValue = 60;

    /// <summary>The field at fault (<c>body</c> for the whole) and what to do about it.</summary>
    public static (string Field, string Message) Explain(HttpContext context, JsonException fault)
    {
        var field = FieldPath.Of(fault.Path);
        var body = RememberedBody.Of(context.Request);
        if (Encoding.UTF8.GetString(body).Trim().Length == 0)
            return ("body", "is missing: send a JSON object");
        if (fault.Message.StartsWith("Duplicate property", StringComparison.Ordinal))
            return (field, $"is given twice ({fault.Message.Split('.')[0].ToLowerInvariant()}): give each field once");
        if (fault.Message.StartsWith("The JSON property '", StringComparison.Ordinal))
            return (UnknownField(fault, field), Unknown(context, fault));
        if (!fault.Message.Contains("could not be converted", StringComparison.Ordinal))
            return (field, $"is not valid JSON: {Position(fault)}");
        var type = TypeAt(context, FieldPath.Segments(fault.Path ?? "$"));
        return (field, $"must be {JsonWords.For(type?.Type)}, was {ValueAt(body, fault)}");
    }

    private static string UnknownField(JsonException fault, string field)
    {
        var name = fault.Message.Split('\'')[1];
        return field == "body" ? name : field.EndsWith(name, StringComparison.Ordinal) ? field : $"{field}.{name}";
    }

    private static string Unknown(HttpContext context, JsonException fault)
    {
        var name = fault.Message.Split('\'')[1];
        var segments = FieldPath.Segments(fault.Path ?? "$").ToList();
        if (segments.LastOrDefault() == name)
            segments.RemoveAt(segments.Count - 1);
        return TypeAt(context, segments) is { Kind: JsonTypeInfoKind.Object } type
            ? $"is no field here; there are {string.Join(", ", type.Properties.Select(property => property.Name))}"
            : "is no field here";
    }

    private static string Position(JsonException fault)
    {
        var words = fault.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0].TrimEnd(' ', '|');
        return $"{words} (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1})";
    }

    /// <summary>What the request type has at the path; null where the endpoint names no request type.</summary>
    private static JsonTypeInfo? TypeAt(HttpContext context, IEnumerable<string> segments)
    {
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not { } request)
            return null;
        var type = json.GetTypeInfo(request);
        foreach (var segment in segments)
        {
            var next = type.Kind == JsonTypeInfoKind.Enumerable
                ? type.ElementType
                : type.Properties.FirstOrDefault(property =>
                    string.Equals(property.Name, segment, StringComparison.OrdinalIgnoreCase))?.PropertyType;
            if (next is null)
                return null;
            type = json.GetTypeInfo(next);
        }

        return type;
    }

    /// <summary>The token that the reader stood on when it failed.</summary>
    private static string ValueAt(byte[] body, JsonException fault)
    {
        var line = 0L;
        var start = 0;
        while (line < fault.LineNumber && Array.IndexOf(body, (byte)'\n', start) is var end and >= 0)
        {
            start = end + 1;
            line++;
        }

        var position = start + (fault.BytePositionInLine ?? 0);
        var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
        while (reader.Read())
        {
            if (reader.BytesConsumed < position)
                continue;
            return reader.TokenType switch
            {
                JsonTokenType.StartObject => "an object",
                JsonTokenType.StartArray => "a list",
                _ => Shorten(Encoding.UTF8.GetString(body[(int)reader.TokenStartIndex..(int)reader.BytesConsumed])),
            };
        }

        return "something else";
    }

    private static string Shorten(string value) =>
        value.Length <= LongestValue ? value : $"{value.AsSpan(0, LongestValue)}…";
}
