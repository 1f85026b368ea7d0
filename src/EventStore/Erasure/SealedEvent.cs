namespace EventStore.Erasure;

/// <summary>Stored data with personal members whose keys have to be at hand before it can be read.</summary>
/// <param name="Members">In their order; one at least.</param>
internal sealed record SealedEvent(
    string Type, int SchemaVersion, byte[] Json, List<SealedSpot> Members, List<long> Keys)
{
    /// <returns>Null where nothing is sealed: the text only looked like it.</returns>
    public static SealedEvent? Of(string type, int schemaVersion, byte[] json)
    {
        var members = SealedScan.Find(type, json);
        if (members.Count == 0)
            return null;
        var keys = new List<long>(1);
        foreach (var member in members)
        {
            if (!keys.Contains(member.KeyId))
                keys.Add(member.KeyId);
        }
        return new SealedEvent(type, schemaVersion, json, members, keys);
    }
}
