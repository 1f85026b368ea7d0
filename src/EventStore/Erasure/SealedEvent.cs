namespace EventStore.Erasure;

/// <summary>Stored data with personal members whose keys have to be at hand before it can be read.</summary>
internal sealed record SealedEvent(string Type, int SchemaVersion, byte[] Json, IReadOnlyCollection<long> Keys)
{
    /// <returns>Null where nothing is sealed: the text only looked like it.</returns>
    public static SealedEvent? Of(string type, int schemaVersion, byte[] json)
    {
        var keys = SealedMember.KeysOf(json);
        return keys.Count == 0 ? null : new SealedEvent(type, schemaVersion, json, keys);
    }
}
