using System.Text.Json.Nodes;
using EventStore.Erasure;
using EventStore.Evolution;

namespace EventStore;

/// <summary>
/// Maps stored type names to types. The names are apart from the CLR's, so that a rename in the code never touches
/// the log.
/// </summary>
public sealed class EventTypes
{
    private const char OwnPrefix = '$';

    private readonly Dictionary<string, EventType> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, EventType> byType = [];
    private readonly Dictionary<(string Name, int FromVersion), Func<JsonObject, JsonObject>> upcasters = [];
    private readonly Dictionary<(string Name, int FromVersion), Func<JsonObject, IReadOnlyList<EventPart>>> splits = [];
    private readonly Dictionary<string, (MergeRule Rule, int Index)> merges = new(StringComparer.Ordinal);
    private readonly HashSet<string> reshaped = new(StringComparer.Ordinal);

    public EventTypes() => Add(typeof(Tombstone), Tombstone.TypeName, 1);

    /// <summary>Maps a type to its stored name and current schema version.</summary>
    /// <exception cref="ArgumentException">
    /// The type or the name is mapped already, or the name is not 1 to 200 characters or begins with <c>$</c>.
    /// </exception>
    public EventTypes Map(Type type, string name, int schemaVersion = 1)
    {
        Input.CheckName(name, "event name");
        return name[0] != OwnPrefix
            ? Add(type, name, schemaVersion)
            : throw new ArgumentException($"'{name}' begins with $, as only the store's own names do.", nameof(name));
    }

    private EventTypes Add(Type type, string name, int schemaVersion)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(schemaVersion, 1);
        var mapping = new EventType(type, name, schemaVersion);
        if (!byName.TryAdd(name, mapping))
        {
            throw new ArgumentException(
                $"The event name '{name}' is mapped to {byName[name].Type} already.", nameof(name));
        }
        if (merges.ContainsKey(name))
        {
            byName.Remove(name);
            throw new ArgumentException($"'{name}' is merged into another type, so it is retired.", nameof(name));
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
        if (splits.ContainsKey((name, fromVersion)) || !upcasters.TryAdd((name, fromVersion), upcast))
        {
            throw new ArgumentException(
                $"'{name}' has an upcaster from version {fromVersion} already.", nameof(fromVersion));
        }
        reshaped.Add(name);
        return this;
    }

    /// <summary>
    /// Turns data stored with a schema version into several events, or none, on every read. The name may be mapped (its
    /// newer versions are whole) or retired. The parts have the stored event's position, version, id and metadata, are
    /// told apart by <see cref="RecordedEvent.Part"/>, and never come in different batches: a checkpoint lies before
    /// all of them or behind.
    /// </summary>
    /// <param name="split">Pure. The upcasters of each part's type go on from the part's version.</param>
    /// <exception cref="ArgumentException">There is a step from this version already.</exception>
    public EventTypes Split(string name, int fromVersion, Func<JsonObject, IReadOnlyList<EventPart>> split)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        if (upcasters.ContainsKey((name, fromVersion)) || !splits.TryAdd((name, fromVersion), split))
            throw new ArgumentException($"'{name}' has a step from version {fromVersion} already.", nameof(fromVersion));
        reshaped.Add(name);
        return this;
    }

    /// <summary>
    /// Reads several events of retired types as one, where they stand side by side in a stream, in this order. It has
    /// the position, version, id and metadata of the last of them, whichever checkpoint a reader comes from; the others
    /// vanish. Where they don't stand together they are read as <see cref="UnknownEvent"/>s. No program may write the
    /// retired types any more except all of them in one append, or a reader that was faster has seen one alone.
    /// </summary>
    /// <param name="names">Stored names, two at least, each in one merge and none of them mapped.</param>
    /// <param name="into">Stored name of a mapped type.</param>
    /// <param name="merge">Pure: their data, as it is stored, in the order of the names.</param>
    /// <param name="schemaVersion">Of what <paramref name="merge"/> returns; upcasters go on from there.</param>
    /// <exception cref="ArgumentException">
    /// A name is mapped, or merged already, or there are fewer than two.
    /// </exception>
    public EventTypes Merge(
        IReadOnlyList<string> names,
        string into,
        Func<IReadOnlyList<JsonObject>, JsonObject> merge,
        int schemaVersion = 1)
    {
        if (names.Count < 2 || names.Distinct(StringComparer.Ordinal).Count() < names.Count)
            throw new ArgumentException("A merge takes two different names at least.", nameof(names));
        if (names.FirstOrDefault(name => byName.ContainsKey(name) || merges.ContainsKey(name)) is { } taken)
            throw new ArgumentException($"'{taken}' is mapped, or merged already: it has to be retired.", nameof(names));
        var rule = new MergeRule([.. names], into, schemaVersion, merge);
        foreach (var (index, name) in names.Index())
        {
            merges.Add(name, (rule, index));
            reshaped.Add(name);
        }
        return this;
    }

    /// <summary>
    /// Declares members of a mapped type as personal data: they are stored sealed with the key of the event's subject,
    /// and read as <c>[erased]</c> (text) or left out (anything else) once that key is destroyed. What was stored
    /// before the declaration stays legible.
    /// </summary>
    /// <param name="subject">
    /// Whose data it is, as <c>customer/demo/17850</c>; null: nobody's, stored legibly.
    /// </param>
    /// <param name="members">
    /// JSON paths such as <c>shippingAddress.name</c>; arrays on the way are walked through.
    /// </param>
    /// <exception cref="ArgumentException">The name is not mapped, or no member is named.</exception>
    public EventTypes Personal(string name, Func<object, string?> subject, params IReadOnlyList<string> members)
    {
        if (Find(name) is not { } type)
            throw new ArgumentException($"'{name}' is no mapped event type: map it first.", nameof(name));
        if (members.Count == 0)
            throw new ArgumentException($"No member of '{name}' is named.", nameof(members));
        byName[name] = byType[type.Type] = type with { Personal = new PersonalMembers(subject, members) };
        HasPersonal = true;
        return this;
    }

    /// <summary>Whether any type has personal members: where none has, nothing is asked about any event.</summary>
    internal bool HasPersonal { get; private set; }

    /// <summary>Whether events stored under the name can be read as others, or go through steps.</summary>
    internal bool Reshapes(string name) => reshaped.Contains(name) || byName.ContainsKey(name);

    internal (MergeRule Rule, int Index)? MergeOf(string name) =>
        merges.TryGetValue(name, out var merge) ? merge : null;

    internal Func<JsonObject, IReadOnlyList<EventPart>>? SplitOf(string name, int fromVersion) =>
        splits.GetValueOrDefault((name, fromVersion));

    /// <summary>Stored names that can be read as one of these: a filter by type has to let them through.</summary>
    internal IReadOnlyCollection<string> Sources(IReadOnlyCollection<string> names)
    {
        if (splits.Count == 0 && merges.Count == 0)
            return names;
        // What a split yields is known only when it has run, so every split name is let through.
        return
        [
            .. names.Concat(splits.Keys.Select(step => step.Name))
                .Concat(merges.Where(merge => names.Contains(merge.Value.Rule.Into)).Select(merge => merge.Key))
                .Distinct(StringComparer.Ordinal)
        ];
    }

    internal bool HasReshaping => splits.Count > 0 || merges.Count > 0;

    /// <summary>What was mapped, sorted.</summary>
    internal IReadOnlyList<string> Names => [.. byName.Keys.Where(name => name[0] != OwnPrefix).Order(StringComparer.Ordinal)];

    internal EventType? Find(string name) => byName.GetValueOrDefault(name);

    internal EventType? Find(Type type) => byType.GetValueOrDefault(type);

    internal EventType Of(Type type) => byType.GetValueOrDefault(type)
        ?? throw new ArgumentException($"{type} is no mapped event type: add it with EventTypes.Map.", nameof(type));

    internal Func<JsonObject, JsonObject>? Upcaster(string name, int fromVersion) =>
        upcasters.GetValueOrDefault((name, fromVersion));
}

internal sealed record EventType(Type Type, string Name, int SchemaVersion)
{
    public PersonalMembers? Personal { get; init; }
}

/// <param name="Subject">Whose data an event holds.</param>
/// <param name="Paths">As in <see cref="EventTypes.Personal"/>.</param>
internal sealed record PersonalMembers(Func<object, string?> Subject, IReadOnlyList<string> Paths);
