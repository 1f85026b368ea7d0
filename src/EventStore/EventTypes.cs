using System.Text.Json.Nodes;

namespace EventStore;

/// <summary>
/// Maps stored type names to types. The names are apart from the CLR's, so that a rename in the code never touches
/// the log.
/// </summary>
public sealed class EventTypes
{
    private readonly Dictionary<string, EventType> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, EventType> byType = [];
    private readonly Dictionary<(string Name, int FromVersion), Func<JsonObject, JsonObject>> upcasters = [];

    /// <summary>Maps a type to its stored name and current schema version.</summary>
    /// <exception cref="ArgumentException">
    /// The type or the name is mapped already, or the name is not 1 to 200 characters.
    /// </exception>
    public EventTypes Map(Type type, string name, int schemaVersion = 1)
    {
        Input.CheckName(name, "event name");
        ArgumentOutOfRangeException.ThrowIfLessThan(schemaVersion, 1);
        var mapping = new EventType(type, name, schemaVersion);
        if (!byName.TryAdd(name, mapping))
        {
            throw new ArgumentException(
                $"The event name '{name}' is mapped to {byName[name].Type} already.", nameof(name));
        }
        if (!byType.TryAdd(type, mapping))
        {
            byName.Remove(name);
            throw new ArgumentException($"{type} is mapped to '{byType[type].Name}' already.", nameof(type));
        }
        return this;
    }

    /// <inheritdoc cref="Map(Type, string, int)"/>
    public EventTypes Map<TEvent>(string name, int schemaVersion = 1) => Map(typeof(TEvent), name, schemaVersion);

    /// <summary>
    /// Turns data stored with a schema version into data of the next one, on every read. The steps chain: data of
    /// version 1 goes through the step from 1, then through the step from 2, up to the mapped version. A version
    /// without a step is read as if it were the next (a change that only added optional fields needs none).
    /// </summary>
    /// <param name="upcast">Pure; may change the object given and return it.</param>
    /// <exception cref="ArgumentException">There is a step from this version already.</exception>
    public EventTypes Upcast(string name, int fromVersion, Func<JsonObject, JsonObject> upcast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        if (!upcasters.TryAdd((name, fromVersion), upcast))
        {
            throw new ArgumentException(
                $"'{name}' has an upcaster from version {fromVersion} already.", nameof(fromVersion));
        }
        return this;
    }

    internal IReadOnlyList<string> Names => [.. byName.Keys.Order(StringComparer.Ordinal)];

    internal EventType? Find(string name) => byName.GetValueOrDefault(name);

    internal EventType Of(Type type) => byType.GetValueOrDefault(type)
        ?? throw new ArgumentException($"{type} is no mapped event type: add it with EventTypes.Map.", nameof(type));

    internal Func<JsonObject, JsonObject>? Upcaster(string name, int fromVersion) =>
        upcasters.GetValueOrDefault((name, fromVersion));
}

internal sealed record EventType(Type Type, string Name, int SchemaVersion);
