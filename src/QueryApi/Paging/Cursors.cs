using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace QueryApi.Paging;

/// <summary>
/// Makes and opens the cursors of keyset pages: the sort key of the last item, signed together with the query it
/// belongs to. A client can neither forge one nor carry it over to another query, another filter or another tenant.
/// </summary>
/// <param name="key">Signs; at least 32 bytes, the same in all instances that share clients.</param>
internal sealed class Cursors(byte[] key)
{
    /// <summary>What to tell a client whose cursor does not open.</summary>
    public const string Refusal =
        "must be the 'next' of a page of this same query, with the same filters and sort; start again without it";

    private const int SignatureLength = 16;
    private const int LongestCursor = 2_000;

    /// <param name="query">Everything that decides which list this is and how it is sorted.</param>
    /// <param name="lastKey">The sort key of the last item on the page.</param>
    public string Seal(string query, IReadOnlyList<string> lastKey)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(lastKey);
        byte[] sealedKey = [.. Sign(query, payload), .. payload];
        return Base64Url.EncodeToString(sealedKey);
    }

    /// <summary>
    /// The sort key that <see cref="Seal"/> was given; null if the cursor is broken or belongs to another query.
    /// </summary>
    public IReadOnlyList<string>? Open(string query, string cursor)
    {
        if (cursor.Length > LongestCursor || !Base64Url.IsValid(cursor))
            return null;
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length <= SignatureLength)
            return null;
        var payload = bytes.AsSpan(SignatureLength);
        return CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SignatureLength), Sign(query, payload))
            ? JsonSerializer.Deserialize<string[]>(payload)
            : null;
    }

    private byte[] Sign(string query, ReadOnlySpan<byte> payload)
    {
        var name = Encoding.UTF8.GetBytes(query);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(BitConverter.GetBytes(name.Length));
        hash.AppendData(name);
        hash.AppendData(payload);
        return hash.GetHashAndReset()[..SignatureLength];
    }
}
