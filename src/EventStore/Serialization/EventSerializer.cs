using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventStore.Erasure;
using EventStore.Evolution;

namespace EventStore.Serialization;

/// <summary>
/// Events and snapshots as JSON: camelCase, enums as text, decimals digit by digit as they are, null members left out.
/// </summary>
internal sealed class EventSerializer(EventTypes types, SubjectKeys? keys = null)
{
    private readonly EventUpcasting upcasting = new(types);

    internal static readonly JsonSerializerOptions Options = MakeOptions();

    /// <exception cref="ArgumentException">Not mapped, over 1 MB, with a NUL character, or no JSON object.</exception>
    /// <param name="subjects">
    /// The keys of the subjects whose data it is; null where no type has personal members.
    /// </param>
    public EncodedEvent Encode(
        object @event, IReadOnlyList<string> tags, IReadOnlyDictionary<string, SubjectKey>? subjects = null)
    {
        var type = types.Of(@event.GetType());
        var json = Write(@event, type);
        if (json[0] == (byte)'{' && type.Personal is { } personal && personal.Subject(@event) is { } subject)
            (json, tags) = Seal(json, tags, type, subject, subjects?[subject]);
        if (json.Length > Input.MaxEventBytes)
        {
            throw new ArgumentException(
                $"An event '{type.Name}' has {json.Length} bytes of JSON: at most {Input.MaxEventBytes} are stored.");
        }
        if (json[0] != (byte)'{')
            throw new ArgumentException($"An event '{type.Name}' is no JSON object.");
        if (HasEscape(json, "\\u0000"u8))
            throw new ArgumentException($"An event '{type.Name}' has a NUL character in one of its texts: remove it.");
        // The writer puts this escape, and never for a U+FFFD of the text's own, where a text is no Unicode.
        if (HasEscape(json, "\\uFFFD"u8))
        {
            throw new ArgumentException(
                $"An event '{type.Name}' has half a surrogate pair in one of its texts: it is no Unicode text.");
        }
        return new EncodedEvent(type, json, tags);
    }

    /// <summary>The event that stored data stands for.</summary>
    /// <returns>
    /// Besides events: an <see cref="UnknownEvent"/> where no type has the name; and for its reader to resolve a
    /// <see cref="SealedEvent"/> whose keys are not at hand, a <see cref="SplitEvent"/>, a <see cref="MergePart"/>.
    /// </returns>
    /// <exception cref="EventDataException">The data does not fit the type that its name is mapped to.</exception>
    public object Decode(string name, int schemaVersion, byte[] json)
    {
        if (SealedMember.MayBeIn(json) && SealedEvent.Of(name, schemaVersion, json) is { } @sealed)
            return keys?.Recall(@sealed.Keys) is { } known ? Decode(@sealed, known) : @sealed;
        return DecodeLegible(name, schemaVersion, json);
    }

    private object DecodeLegible(string name, int schemaVersion, ReadOnlySpan<byte> json)
    {
        try
        {
            if (types.Find(name) is { } type && schemaVersion == type.SchemaVersion)
                return EventUpcasting.Deserialize(json, Options.GetTypeInfo(type.Type));
            return types.Reshapes(name)
                ? upcasting.Decode(name, schemaVersion, json.ToArray())
                : new UnknownEvent(name, json.ToArray());
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new EventDataException($"its data is no '{name}': {e.Message}", e);
        }
    }

    /// <summary>As <see cref="Decode(string, int, byte[])"/>, with the keys at hand.</summary>
    /// <exception cref="EventDataException">A key is not there, or the data does not fit.</exception>
    public object Decode(SealedEvent @sealed, IReadOnlyDictionary<long, SubjectKey> found) => Decode(
        @sealed,
        @sealed.Keys.ConvertAll(id => found.GetValueOrDefault(id) ?? throw new EventDataException(
            $"the row of its subject's key {id} is missing from eventstore.subject_keys")));

    /// <param name="found">In the order of its keys.</param>
    private object Decode(SealedEvent @sealed, IReadOnlyList<SubjectKey> found)
    {
        if (types.Find(@sealed.Type) is null && !types.Reshapes(@sealed.Type))
            return new UnknownEvent(@sealed.Type, @sealed.Json);
        using var opened = new OpenedJson(@sealed.Json);
        SealedMember.OpenAll(@sealed, found, opened);
        return DecodeLegible(@sealed.Type, @sealed.SchemaVersion, opened.Complete());
    }

    /// <inheritdoc cref="EventUpcasting.Merge"/>
    public (string Type, object Data) Merge(IReadOnlyList<MergePart> parts) => upcasting.Merge(parts);

    private static (byte[] Json, IReadOnlyList<string> Tags) Seal(
        byte[] json, IReadOnlyList<string> tags, EventType type, string subject, SubjectKey? key)
    {
        // Tools that only look at what would be stored have no keys and get it legible.
        if (key is null)
            return (json, tags);
        var data = JsonNode.Parse(json)!.AsObject();
        SealedMember.SealAll(data, type.Name, type.Personal!.Paths, key);
        return (JsonSerializer.SerializeToUtf8Bytes(data, Options), EventTags.With(tags, PersonalData.Tag(subject)));
    }

    public static byte[] EncodeState<TState>(TState state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    public static TState? DecodeState<TState>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<TState>(json, Options);

    /// <exception cref="ArgumentException">
    /// It cannot be written as JSON: a cycle, a NaN, a member of an odd type.
    /// </exception>
    private static byte[] Write(object @event, EventType type)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(@event, Options.GetTypeInfo(type.Type));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new ArgumentException($"An event '{type.Name}' cannot be written as JSON: {e.Message}", e);
        }
    }

    /// <summary>
    /// Looks for an escape such as <c>\u0000</c>, as opposed to <c>\\u0000</c>, an escaped backslash and five
    /// characters.
    /// </summary>
    private static bool HasEscape(ReadOnlySpan<byte> json, ReadOnlySpan<byte> escape)
    {
        for (var from = 0; json[from..].IndexOf(escape) is >= 0 and var found; from += found + 6)
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
            Converters = { new SharedTexts(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { PositionalRecords.SetMembers } },
        };
        options.MakeReadOnly();
        return options;
    }
}

/// <param name="Json">UTF-8.</param>
internal readonly record struct EncodedEvent(EventType Type, byte[] Json, IReadOnlyList<string> Tags);
