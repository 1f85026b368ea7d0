using System.Text.Json.Nodes;

namespace EventStore.Evolution;

/// <summary>One of the events that a stored event is split into.</summary>
/// <param name="Type">Stored name of the part's type.</param>
/// <param name="Data">
/// In the shape of <paramref name="SchemaVersion"/>; the upcasters of the part's type go on from there.
/// </param>
/// <param name="SchemaVersion">Null: the current one.</param>
public sealed record EventPart(string Type, JsonObject Data, int? SchemaVersion = null);

/// <summary>Events of retired types that stand next to each other in a stream and are read as one.</summary>
/// <param name="Names">Stored names in the order of the stream.</param>
/// <param name="Into">Stored name of the type that they make.</param>
/// <param name="SchemaVersion">Of what <paramref name="Merge"/> returns.</param>
internal sealed record MergeRule(
    IReadOnlyList<string> Names,
    string Into,
    int SchemaVersion,
    Func<IReadOnlyList<JsonObject>, JsonObject> Merge);

/// <summary>What a stored event was split into: the data of each part with the name of its type.</summary>
internal sealed record SplitEvent(IReadOnlyList<(string Type, object Data)> Parts);

/// <summary>One of several events that may make one; its neighbors in the stream decide.</summary>
/// <param name="Index">Its place in the rule's names.</param>
internal sealed record MergePart(MergeRule Rule, int Index, int SchemaVersion, byte[] Json)
{
    public string Type => Rule.Names[Index];

    public bool IsLast => Index == Rule.Names.Count - 1;

    /// <summary>Read alone, where the others are not beside it.</summary>
    public UnknownEvent Alone => new(Type, Json);

    /// <summary>Whether these, in order, are all that the rule wants.</summary>
    public static bool AreComplete(IReadOnlyList<MergePart> parts) =>
        parts.Count > 0 && parts.Count == parts[0].Rule.Names.Count;

    /// <summary>Whether this one goes on where <paramref name="parts"/> end.</summary>
    public bool Continues(IReadOnlyList<MergePart> parts) => parts.Count == 0
        ? Index == 0
        : ReferenceEquals(parts[0].Rule, Rule) && Index == parts.Count;
}
