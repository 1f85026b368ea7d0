using System.Text.Json;

namespace ServiceDefaults.Http;

/// <summary>Paths of fields in a request: <c>lines[0].quantity</c>.</summary>
internal static class FieldPath
{
    /// <summary>Each name in the path as JSON has it. The name of a header (with a hyphen) stays as it is.</summary>
    public static string CamelCase(string path) => path.Contains('-')
        ? path
        : string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>The names and indexes in a path as the JSON reader reports it, <c>$.lines[0].quantity</c>.</summary>
    public static IEnumerable<string> Segments(string path) =>
        path.Split(['.', '[', ']', '\''], StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != "$");

    /// <summary>The path as errors name it; <c>body</c> for the whole.</summary>
    public static string Of(string? jsonPath) => jsonPath switch
    {
        null or "" or "$" => "body",
        _ when jsonPath.StartsWith("$.", StringComparison.Ordinal) => jsonPath[2..],
        _ => jsonPath,
    };
}
