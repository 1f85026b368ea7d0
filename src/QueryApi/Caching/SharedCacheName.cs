using System.Security.Cryptography;

namespace QueryApi.Caching;

/// <summary>
/// Keeps apart what instances share in one Redis: answers of another database of read models, or of one that was made
/// anew, are never met. Known once the read models have answered.
/// </summary>
internal sealed class SharedCacheName
{
    private volatile string? prefix;

    /// <summary>What the keys begin with; null as long as it is unknown.</summary>
    public string? Prefix => prefix;

    /// <param name="key">Random bytes that only this database holds; a digest of them is the name.</param>
    public void Learn(byte[] key) =>
        prefix = $"query-api:{Convert.ToHexStringLower(SHA256.HashData([.. key, .. "cache"u8]).AsSpan(0, 6))}:";
}
