using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace QueryApi.Paging;

/// <summary>
/// Makes and opens the cursors of keyset pages: the sort key of the last item and the time, signed together with the
/// query it belongs to. A client can neither forge one nor carry it over to another query, another filter or another
/// tenant.
/// </summary>
/// <param name="lifetime">How long a cursor is good for.</param>
internal sealed class Cursors(CursorKey key, TimeSpan lifetime, TimeProvider time)
{
    private const int SignatureLength = 16;
    private const int TimeLength = sizeof(long);
    private const int LongestCursor = 2_000;

    /// <summary>What to tell a client whose cursor does not open.</summary>
    public string Refusal { get; } =
        $"must be the 'next' of a page of this same query, with the same filters and sort, not older than "
        + $"{lifetime.TotalHours:0.##} h; start again without it";

    /// <param name="query">Everything that decides which list this is and how it is sorted.</param>
    /// <param name="lastKey">The sort key of the last item on the page.</param>
    public string Seal(string query, IReadOnlyList<string> lastKey)
    {
        byte[] payload = [.. new byte[TimeLength], .. JsonSerializer.SerializeToUtf8Bytes(lastKey)];
        BinaryPrimitives.WriteInt64BigEndian(payload, time.GetUtcNow().ToUnixTimeSeconds());
        byte[] sealedKey = [.. Sign(query, payload), .. payload];
        return Base64Url.EncodeToString(sealedKey);
    }

    /// <summary>
    /// The sort key that <see cref="Seal"/> was given; null if the cursor is broken, too old or of another query.
    /// </summary>
    public IReadOnlyList<string>? Open(string query, string cursor)
    {
        if (cursor.Length > LongestCursor || !Base64Url.IsValid(cursor))
            return null;
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length <= SignatureLength + TimeLength)
            return null;
        var payload = bytes.AsSpan(SignatureLength);
        if (!CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SignatureLength), Sign(query, payload)))
            return null;
        var made = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(payload));
        return time.GetUtcNow() - made <= lifetime
            ? JsonSerializer.Deserialize<string[]>(payload[TimeLength..])
            : null;
    }

    private byte[] Sign(string query, ReadOnlySpan<byte> payload)
    {
        var name = Encoding.UTF8.GetBytes(query);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Value);
        hash.AppendData(BitConverter.GetBytes(name.Length));
        hash.AppendData(name);
        hash.AppendData(payload);
        return hash.GetHashAndReset()[..SignatureLength];
    }
}
