using System.Text;
using System.Text.Json;

namespace EventStore.Erasure;

/// <summary>
/// Goes through the sealed members of an event's JSON, in place: readers of the log meet so many sealed events that a
/// tree of nodes for each would be the greater part of their work.
/// </summary>
/// <param name="text">Room for what <see cref="Text"/> says: as long as the JSON suffices.</param>
internal ref struct SealedScan(ReadOnlySpan<byte> json, Span<byte> text)
{
    private const int MaxDepth = 64;

    private readonly Span<byte> text = text;
    private readonly int[] pathEnds = new int[MaxDepth + 2];
    private readonly byte[] path = new byte[json.Length];
    private Utf8JsonReader reader = new(json);
    private int textLength;
    private int depth;

    /// <summary>Where the member begins: at the quote before its name.</summary>
    public int MemberStart { get; private set; }

    /// <summary>Where its value begins.</summary>
    public int ValueStart { get; private set; }

    /// <summary>The first byte behind its value.</summary>
    public int ValueEnd { get; private set; }

    /// <summary>The sealed text.</summary>
    public readonly ReadOnlySpan<byte> Text => text[..textLength];

    /// <summary>The way to the member, as in <see cref="EventTypes.Personal"/>.</summary>
    public readonly string Path => Encoding.UTF8.GetString(path, 0, pathEnds[depth]);

    /// <summary>Goes to the next sealed member.</summary>
    public bool Next()
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartArray)
                pathEnds[reader.CurrentDepth + 1] = pathEnds[reader.CurrentDepth];
            else if (reader.TokenType == JsonTokenType.PropertyName && IsSealed())
                return true;
        }
        return false;
    }

    private bool IsSealed()
    {
        depth = reader.CurrentDepth;
        var end = pathEnds[depth - 1];
        if (end > 0)
            path[end++] = (byte)'.';
        pathEnds[depth] = end + reader.CopyString(path.AsSpan(end));
        MemberStart = (int)reader.TokenStartIndex;

        var ahead = reader;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.StartObject)
            return false;
        ValueStart = (int)ahead.TokenStartIndex;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.PropertyName || !ahead.ValueTextEquals(SealedMember.Name)
            || !ahead.Read() || ahead.TokenType != JsonTokenType.String)
            return false;
        var last = ahead;
        if (!last.Read() || last.TokenType != JsonTokenType.EndObject)
            return false;
        textLength = ahead.CopyString(text);
        ValueEnd = (int)last.BytesConsumed;
        reader = last;
        return true;
    }
}
