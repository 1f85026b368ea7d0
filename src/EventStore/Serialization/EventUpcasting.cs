using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EventStore.Evolution;

namespace EventStore.Serialization;

/// <summary>Brings stored data to the current shapes, by the steps of its type.</summary>
internal sealed class EventUpcasting(EventTypes types)
{
    /// <returns>
    /// The event; a <see cref="SplitEvent"/>, a <see cref="MergePart"/>, or an <see cref="UnknownEvent"/> where no type
    /// has the name.
    /// </returns>
    /// <exception cref="EventDataException">It cannot be brought to the current shape.</exception>
    public object Decode(string name, int schemaVersion, byte[] json)
    {
        if (types.MergeOf(name) is { } merge)
            return new MergePart(merge.Rule, merge.Index, schemaVersion, json);
        var parts = new List<(string Type, object Data)>();
        var whole = Convert(name, schemaVersion, Parse(json), parts);
        return parts is [var only] && whole ? only.Data : new SplitEvent(parts);
    }

    /// <summary>The one event that the parts make, brought to the current shape of its type.</summary>
    /// <exception cref="EventDataException">They cannot be.</exception>
    public (string Type, object Data) Merge(IReadOnlyList<MergePart> parts)
    {
        var rule = parts[0].Rule;
        var merged = new List<(string Type, object Data)>();
        try
        {
            Convert(rule.Into, rule.SchemaVersion, rule.Merge([.. parts.Select(part => Parse(part.Json))]), merged);
        }
        catch (Exception e) when (e is not EventDataException)
        {
            throw new EventDataException($"merging it into '{rule.Into}' fails: {e.Message}", e);
        }
        return merged is [var one]
            ? one
            : throw new EventDataException($"'{rule.Into}', which it is merged into, is split again");
    }

    public static object Deserialize(ReadOnlySpan<byte> json, JsonTypeInfo info) => Read(
        JsonSerializer.Deserialize(json, info));

    /// <returns>Whether no split was on the way.</returns>
    private bool Convert(string name, int version, JsonObject data, List<(string Type, object Data)> parts)
    {
        var type = types.Find(name);
        if (version > type?.SchemaVersion)
        {
            throw new EventDataException(
                $"it was stored with schema version {version}, this program knows '{name}' up to version "
                + $"{type.SchemaVersion}: update the program");
        }
        for (; version < (type?.SchemaVersion ?? int.MaxValue); version++)
        {
            if (types.SplitOf(name, version) is { } split)
            {
                foreach (var part in Step(name, version, () => split(data)))
                    Convert(part.Type, part.SchemaVersion ?? CurrentVersion(part.Type), part.Data, parts);
                return false;
            }
            if (types.Upcaster(name, version) is { } upcast)
                data = Step(name, version, () => upcast(data)) ?? data;
            else if (type is null)
                break;
        }
        parts.Add((name, type is null
            ? new UnknownEvent(name, JsonSerializer.SerializeToUtf8Bytes(data))
            : Read(data.Deserialize(EventSerializer.Options.GetTypeInfo(type.Type)))));
        return true;
    }

    private int CurrentVersion(string name) => types.Find(name)?.SchemaVersion
        ?? throw new EventDataException($"it is split into '{name}', which is no mapped type");

    /// <summary>A step is somebody's code: what goes wrong in it must say where.</summary>
    private static T Step<T>(string name, int version, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e)
        {
            throw new EventDataException($"the upcaster of '{name}' from version {version} fails: {e.Message}", e);
        }
    }

    private static object Read(object? data) => data ?? throw new EventDataException("its data is null");

    private static JsonObject Parse(byte[] json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new EventDataException("its data is no JSON object");
}
