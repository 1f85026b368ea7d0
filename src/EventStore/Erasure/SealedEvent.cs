using System.Text.Json.Nodes;

namespace EventStore.Erasure;

/// <summary>Stored data with personal members whose keys have to be at hand before it can be read.</summary>
/// <param name="Data">
/// What <paramref name="Json"/> says, parsed when its keys were looked for; opened in place, so good for one reading.
/// </param>
internal sealed record SealedEvent(
    string Type, int SchemaVersion, byte[] Json, JsonObject Data, IReadOnlyCollection<long> Keys)
{
    /// <returns>Null where nothing is sealed: the text only looked like it.</returns>
    public static SealedEvent? Of(string type, int schemaVersion, byte[] json)
    {
        if (JsonNode.Parse(json) is not JsonObject data)
            return null;
        var keys = SealedMember.KeysOf(data).ToHashSet();
        return keys.Count == 0 ? null : new SealedEvent(type, schemaVersion, json, data, keys);
    }
}
