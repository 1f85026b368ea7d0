namespace EventStore;

/// <summary>
/// Maps stored type names to types. The names are apart from the CLR's, so that a rename in the code never touches
/// the log.
/// </summary>
public sealed class EventTypes
{
    private readonly Dictionary<string, EventType> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, EventType> byType = [];

    /// <summary>Maps a type to its stored name and current schema version.</summary>
    /// <exception cref="ArgumentException">The type or the name is mapped already.</exception>
    public EventTypes Map(Type type, string name, int schemaVersion = 1)
    {
        var mapping = new EventType(type, name, schemaVersion);
        if (!byName.TryAdd(name, mapping))
            throw new ArgumentException($"The event name '{name}' is mapped to {byName[name].Type} already.", nameof(name));
        if (!byType.TryAdd(type, mapping))
            throw new ArgumentException($"{type} is mapped to '{byType[type].Name}' already.", nameof(type));
        return this;
    }

    /// <inheritdoc cref="Map(Type, string, int)"/>
    public EventTypes Map<TEvent>(string name, int schemaVersion = 1) => Map(typeof(TEvent), name, schemaVersion);

    internal EventType? Find(string name) => byName.GetValueOrDefault(name);

    internal EventType Of(Type type) => byType.GetValueOrDefault(type)
        ?? throw new ArgumentException($"{type} is no mapped event type: add it with EventTypes.Map.", nameof(type));
}

internal sealed record EventType(Type Type, string Name, int SchemaVersion);
