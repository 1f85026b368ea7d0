using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventStore.Erasure;
using EventStore.Evolution;
using EventStore.Serialization;

namespace EventStore;

/// <summary>
/// Events as the JSON that the log holds, for tools: writes what would be stored, and reads what a person typed.
/// </summary>
public sealed class EventJson(EventTypes types)
{
    private static readonly JsonSerializerOptions Strict = new(EventSerializer.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
        // Which members may be left out, the parameters of constructors say.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private readonly EventSerializer serializer = new(types);

    /// <summary>The names that events can have, sorted.</summary>
    public IReadOnlyList<string> TypeNames => types.Names;

    /// <summary>Reads the data of an event in the current shape of its type, more strictly than from the log.</summary>
    /// <param name="type">Stored name.</param>
    /// <param name="data">UTF-8.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    /// <exception cref="JsonException">
    /// It is no JSON, a member is missing, unknown, null or of the wrong kind; <see cref="JsonException.Path"/> says
    /// where.
    /// </exception>
    public object Read(string type, ReadOnlySpan<byte> data)
    {
        var mapped = types.Find(type) ?? throw new ArgumentException($"The event type '{type}' is unknown.");
        var read = JsonSerializer.Deserialize(data, mapped.Type, Strict)
            ?? throw new JsonException("The event's data is null.");
        RequireMembers(JsonDocument.Parse(data.ToArray()).RootElement, mapped.Type, "$");
        return read;
    }

    /// <summary>
    /// The event as it would be stored now (UTF-8): an <see cref="UnknownEvent"/> as it is.
    /// </summary>
    /// <exception cref="ArgumentException">Its type is not mapped, or it breaks a limit of the store.</exception>
    public ReadOnlyMemory<byte> Write(object @event) =>
        @event is UnknownEvent unknown ? unknown.Json : serializer.Encode(@event, tags: []).Json;

    /// <summary>Reads stored data of any version as the log would: through the steps to the current shape.</summary>
    /// <returns>
    /// What it is read as: more than one event where it is split; an <see cref="UnknownEvent"/> where no type has the
    /// name.
    /// </returns>
    /// <exception cref="EventDataException">It cannot be read.</exception>
    public IReadOnlyList<object> ReadStored(string type, int schemaVersion, ReadOnlySpan<byte> data) =>
        serializer.Decode(type, schemaVersion, data.ToArray()) switch
        {
            SplitEvent split => [.. split.Parts.Select(part => part.Data)],
            MergePart part => [part.Alone],
            SealedEvent => throw new EventDataException("it is sealed, and only the log has the keys"),
            var one => [one],
        };

    /// <summary>
    /// A member that may not be null has to be there. (System.Text.Json would also demand the nullable ones, which
    /// are left out when they are null.)
    /// </summary>
    private static void RequireMembers(JsonElement element, Type type, string path)
    {
        if (element.ValueKind is not JsonValueKind.Object)
            return;
        foreach (var member in Strict.GetTypeInfo(type).Properties)
        {
            var parameter = member.AssociatedParameter;
            if (!element.TryGetProperty(member.Name, out var value))
            {
                if (parameter is { HasDefaultValue: false, IsNullable: false }
                    && Nullable.GetUnderlyingType(member.PropertyType) is null)
                {
                    throw new JsonException($"The member '{member.Name}' is missing.", $"{path}.{member.Name}", null, null);
                }
            }
            else if (value.ValueKind is JsonValueKind.Array)
            {
                var item = Strict.GetTypeInfo(member.PropertyType).ElementType;
                var index = 0;
                foreach (var each in value.EnumerateArray())
                {
                    if (item is not null)
                        RequireMembers(each, item, $"{path}.{member.Name}[{index++}]");
                }
            }
            else
            {
                RequireMembers(value, member.PropertyType, $"{path}.{member.Name}");
            }
        }
    }
}
