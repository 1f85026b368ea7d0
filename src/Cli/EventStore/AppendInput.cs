using System.Globalization;
using System.Text;
using System.Text.Json;
using EventStore;

namespace Cli.EventStore;

/// <summary>
/// Events as a person or a script writes them: one JSON object, an array of them, or one after the other (JSON lines),
/// each with the members <c>type</c> and <c>data</c>; other members, such as those that <c>stream</c> prints, are left
/// aside.
/// </summary>
internal static class AppendInput
{
    /// <summary>One atomic append holds no more than this.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const int MaxEventBytes = 1024 * 1024;

    /// <param name="source">Names the input in errors: a file's name, or standard input.</param>
    /// <exception cref="InvalidDataException">
    /// Something in it is wrong; the message names line, member and value.
    /// </exception>
    public static IReadOnlyList<InputEvent> Read(ReadOnlySpan<byte> utf8, EventJson json, string source)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        var events = new List<InputEvent>();
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (reader.Read())
            {
                // A top-level array is walked through; whatever else stands there is an event.
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray && reader.CurrentDepth == 0)
                    continue;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var line = 1 + utf8[..start].Count((byte)'\n');
                events.Add(ReadEvent(utf8[start..(int)reader.BytesConsumed], json, source, line));
            }
        }
        catch (JsonException exception)
        {
            var line = 1 + utf8[..(int)reader.BytesConsumed].Count((byte)'\n');
            throw Wrong(source, Math.Max(line, 1 + (int)(exception.LineNumber ?? 0)), Reason(exception));
        }
        if (events.Count == 0)
        {
            throw new InvalidDataException(
                $$"""{{source}} holds no event: give objects such as {"type":"order-confirmed","data":{…} }.""");
        }
        return events;
    }

    private static InputEvent ReadEvent(ReadOnlySpan<byte> utf8, EventJson json, string source, int line)
    {
        using var parsed = Parse(utf8, source, line);
        var root = parsed.RootElement;
        if (root.ValueKind is not JsonValueKind.Object)
            throw Wrong(source, line, $"an event is a JSON object with type and data, was {Shown(root)}");
        if (!root.TryGetProperty("type", out var type) || type.ValueKind is not JsonValueKind.String)
            throw Wrong(source, line, "the event has no type: add \"type\" with a stored type name");
        if (!root.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Object)
            throw Wrong(source, line, $"the event '{type}' has no data: add \"data\" with a JSON object");
        var name = type.GetString()!;
        if (!json.TypeNames.Contains(name, StringComparer.Ordinal))
        {
            throw Wrong(
                source, line, $"type '{name}' is unknown; the types are {string.Join(", ", json.TypeNames)}");
        }
        if (FindNul(data, "data") is { } path)
            throw Wrong(source, line, $"{path} of '{name}' has a NUL character, which cannot be stored: remove it");

        var raw = Encoding.UTF8.GetBytes(data.GetRawText());
        try
        {
            var @event = json.Read(name, raw);
            var stored = json.Write(@event).Length;
            return stored <= MaxEventBytes
                ? new InputEvent(name, @event, line)
                : throw Wrong(source, line, TooLarge(name, stored));
        }
        catch (JsonException exception)
        {
            var dataLine = line + Math.Max(0, Lines(utf8[..utf8.IndexOf(raw)])) + (int)(exception.LineNumber ?? 0);
            throw Wrong(source, dataLine, $"data of '{name}'{Where(exception)}: {Reason(exception)}{Value(exception, data)}");
        }
        catch (ArgumentException exception)
        {
            throw Wrong(source, line, raw.Length > MaxEventBytes ? TooLarge(name, raw.Length) : exception.Message);
        }
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> utf8, string source, int line)
    {
        try
        {
            return JsonDocument.Parse(utf8.ToArray());
        }
        catch (JsonException exception)
        {
            throw Wrong(source, line, Reason(exception));
        }
    }

    private static int Lines(ReadOnlySpan<byte> utf8) => utf8.Count((byte)'\n');

    private static string TooLarge(string name, int bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $"the data of '{name}' has {bytes:N0} bytes of JSON: at most {MaxEventBytes:N0} are stored");

    private static string? FindNul(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!.Contains('\0', StringComparison.Ordinal) ? path : null,
        JsonValueKind.Object => element.EnumerateObject()
            .Select(member => FindNul(member.Value, $"{path}.{member.Name}"))
            .FirstOrDefault(found => found is not null),
        JsonValueKind.Array => element.EnumerateArray()
            .Select((item, index) => FindNul(item, $"{path}[{index}]"))
            .FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static string Where(JsonException exception) =>
        exception.Path is { Length: > 1 } path ? $" at {path[2..]}" : "";

    /// <summary>The library's sentence without the position it adds, which counts from elsewhere.</summary>
    private static string Reason(JsonException exception)
    {
        var message = exception.Message;
        var added = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (added < 0)
            added = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        message = (added < 0 ? message : message[..added]).TrimEnd('.');
        // In the words of who wrote the JSON instead of the types it goes to.
        return message switch
        {
            _ when message.Contains("could not be converted", StringComparison.Ordinal) => "the value does not fit there",
            _ when message.Contains("doesn't allow null", StringComparison.Ordinal) => "it may not be null",
            _ when message.Contains("could not be mapped", StringComparison.Ordinal) => "there is no such member",
            _ => message,
        };
    }

    private static string Value(JsonException exception, JsonElement data)
    {
        if (exception.Path is null || !exception.Path.StartsWith("$.", StringComparison.Ordinal))
            return "";
        foreach (var part in exception.Path[2..].Split('.'))
        {
            if (data.ValueKind is not JsonValueKind.Object || !data.TryGetProperty(part, out data))
                return "";
        }
        return $" (was {Shown(data)})";
    }

    private static string Shown(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 60 ? text : $"{text[..60]}…";
    }

    private static InvalidDataException Wrong(string source, int line, string reason) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{source}, line {line}: {reason}. Nothing was appended."));
}

/// <param name="Line">Where it begins in the input.</param>
internal sealed record InputEvent(string Type, object Data, int Line);
