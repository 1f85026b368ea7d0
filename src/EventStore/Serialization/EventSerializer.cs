using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EventStore.Serialization;

/// <summary>
/// Events and snapshots as JSON: camelCase, enums as text, decimals digit by digit as they are, null members left out.
/// </summary>
internal sealed class EventSerializer(EventTypes types)
{
    internal static readonly JsonSerializerOptions Options = MakeOptions();

    /// <exception cref="ArgumentException">Not mapped, over 1 MB, with a NUL character, or no JSON object.</exception>
    public EncodedEvent Encode(object @event, IReadOnlyList<string> tags)
    {
        var type = types.Of(@event.GetType());
        var json = JsonSerializer.SerializeToUtf8Bytes(@event, Options.GetTypeInfo(type.Type));
        if (json.Length > Input.MaxEventBytes)
        {
            throw new ArgumentException(
                $"An event '{type.Name}' has {json.Length} bytes of JSON: at most {Input.MaxEventBytes} are stored.");
        }
        if (json[0] != (byte)'{')
            throw new ArgumentException($"An event '{type.Name}' is no JSON object.");
        if (HasNul(json))
            throw new ArgumentException($"An event '{type.Name}' has a NUL character in one of its texts: remove it.");
        return new EncodedEvent(type, json, tags);
    }

    /// <exception cref="EventDataException">The data does not fit the type that its name is mapped to.</exception>
    public object Decode(string name, int schemaVersion, byte[] json)
    {
        if (types.Find(name) is not { } type)
            return new UnknownEvent(name, json);
        if (schemaVersion > type.SchemaVersion)
        {
            throw new EventDataException(
                $"it was stored with schema version {schemaVersion}, this program knows '{name}' up to version "
                + $"{type.SchemaVersion}: update the program");
        }
        try
        {
            var info = Options.GetTypeInfo(type.Type);
            var data = schemaVersion == type.SchemaVersion
                ? JsonSerializer.Deserialize(json, info)
                : Upcast(type, schemaVersion, json).Deserialize(info);
            return data ?? throw new EventDataException("its data is null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new EventDataException($"its data is no {type.Type}: {e.Message}", e);
        }
    }

    public static byte[] EncodeState<TState>(TState state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    public static TState? DecodeState<TState>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<TState>(json, Options);

    private JsonObject Upcast(EventType type, int storedVersion, byte[] json)
    {
        var data = JsonNode.Parse(json)?.AsObject() ?? throw new EventDataException("its data is null");
        for (var version = storedVersion; version < type.SchemaVersion; version++)
            data = types.Upcaster(type.Name, version)?.Invoke(data) ?? data;
        return data;
    }

    /// <summary>
    /// Looks for the escape <c>\u0000</c>, as opposed to <c>\\u0000</c>, an escaped backslash and five characters.
    /// </summary>
    private static bool HasNul(ReadOnlySpan<byte> json)
    {
        for (var from = 0; json[from..].IndexOf("\\u0000"u8) is >= 0 and var found; from += found + 6)
        {
            var backslash = from + found;
            var before = backslash;
            while (before > 0 && json[before - 1] == (byte)'\\')
                before--;
            if ((backslash - before) % 2 == 0)
                return true;
        }
        return false;
    }

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // The JSON is never put into HTML; unescaped it is smaller and legible in psql.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

/// <param name="Json">UTF-8.</param>
internal readonly record struct EncodedEvent(EventType Type, byte[] Json, IReadOnlyList<string> Tags);
