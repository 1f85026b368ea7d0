using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EventStore.Erasure;

/// <summary>
/// Goes through the sealed members of an event's JSON, in place and once: readers of the log meet so many sealed events
/// that a tree of nodes for each would be the greater part of their work.
/// </summary>
/// <param name="path">Room for a path; it begins with what stands before all of them.</param>
/// <param name="pathEnds">How long the path is at each depth.</param>
internal ref struct SealedScan(byte[] json, Span<byte> path, Span<int> pathEnds)
{
    private const int MaxDepth = 64;

    private readonly Span<byte> path = path;
    private readonly Span<int> pathEnds = pathEnds;
    private Utf8JsonReader reader = new(json);

    /// <param name="type">Stored name of the event's type.</param>
    public static List<SealedSpot> Find(string type, byte[] json)
    {
        var path = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(type.Length) + 1 + json.Length);
        var root = Encoding.UTF8.GetBytes(type, path);
        path[root++] = (byte)'/';
        var found = new List<SealedSpot>();
        var scan = new SealedScan(json, path, stackalloc int[MaxDepth + 2]);
        scan.pathEnds[0] = root;
        while (scan.Next() is { } spot)
            found.Add(spot);
        ArrayPool<byte>.Shared.Return(path);
        return found;
    }

    private SealedSpot? Next()
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartArray)
                pathEnds[reader.CurrentDepth + 1] = pathEnds[reader.CurrentDepth];
            else if (reader.TokenType == JsonTokenType.PropertyName && Sealed() is { } spot)
                return spot;
        }
        return null;
    }

    /// <returns>The member at the reader, and the reader is behind it; null: it is not sealed.</returns>
    private SealedSpot? Sealed()
    {
        var depth = reader.CurrentDepth;
        var end = pathEnds[depth - 1];
        if (end > pathEnds[0])
            path[end++] = (byte)'.';
        pathEnds[depth] = end + reader.CopyString(path[end..]);
        var start = (int)reader.TokenStartIndex;

        var ahead = reader;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.StartObject)
            return null;
        var valueStart = (int)ahead.TokenStartIndex;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.PropertyName || !ahead.ValueTextEquals(SealedMember.Name)
            || !ahead.Read() || ahead.TokenType != JsonTokenType.String)
            return null;
        var last = ahead;
        if (!last.Read() || last.TokenType != JsonTokenType.EndObject)
            return null;
        var text = Text(ahead);
        if (!SealedSpot.TryReadKey(text.Span, out var key, out var keyEnd))
            return null;
        reader = last;
        return new SealedSpot(
            start, valueStart, (int)last.BytesConsumed, path[..pathEnds[depth]].ToArray(), key,
            IsText: text.Span[0] == (byte)'s', text[(keyEnd + 1)..]);
    }

    /// <summary>As a rule nothing in it is escaped.</summary>
    private readonly ReadOnlyMemory<byte> Text(in Utf8JsonReader at) => at.ValueIsEscaped
        ? Encoding.UTF8.GetBytes(at.GetString()!)
        : json.AsMemory((int)at.TokenStartIndex + 1, at.ValueSpan.Length);
}

/// <summary>Where a sealed member is in an event's JSON, and what it says.</summary>
/// <param name="MemberStart">At the quote before its name.</param>
/// <param name="ValueStart">The first byte of its value.</param>
/// <param name="ValueEnd">The first byte behind its value.</param>
/// <param name="Bound">
/// What is authenticated with it (UTF-8): the name of the event's type, and the way to the member as in
/// <see cref="EventTypes.Personal"/>.
/// </param>
/// <param name="KeyId">The key of its subject.</param>
/// <param name="IsText">Whether the member is text; if not, it is JSON of another kind.</param>
/// <param name="Box">
/// Nonce, ciphertext and tag, in base64; empty where the key was destroyed before it was sealed.
/// </param>
internal readonly record struct SealedSpot(
    int MemberStart, int ValueStart, int ValueEnd, byte[] Bound, long KeyId, bool IsText, ReadOnlyMemory<byte> Box)
{
    private const int KeyStart = 2;

    /// <summary>Whether it is the text of a sealed member: <c>s.17.…</c> or <c>o.17.…</c>.</summary>
    /// <param name="keyEnd">Where the key's id ends.</param>
    public static bool TryReadKey(ReadOnlySpan<byte> text, out long key, out int keyEnd)
    {
        key = 0;
        keyEnd = text.LastIndexOf((byte)'.');
        return text is [(byte)'s' or (byte)'o', (byte)'.', ..] && keyEnd >= KeyStart
            && long.TryParse(text[KeyStart..keyEnd], NumberStyles.None, CultureInfo.InvariantCulture, out key);
    }
}
