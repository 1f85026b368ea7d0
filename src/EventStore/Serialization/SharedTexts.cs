using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventStore.Serialization;

/// <summary>
/// Reads short texts that were read before as the same string: tenants, currencies, names of articles come again and
/// again, and who holds many events or their parts in memory holds each of these once. Safe for concurrent use.
/// </summary>
/// <remarks>
/// A table of a fixed size without chains: a text takes the place of another one. All are forgotten every minute, so
/// none outlives the data that it was in by more than it would as garbage.
/// </remarks>
internal sealed class SharedTexts : JsonConverter<string>
{
    private const int LongestShared = 40;
    private const int Places = 8192;
    private const int Lifetime = 60_000;

    private volatile string?[] texts = new string?[Places];
    private long since = Environment.TickCount64;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var utf8 = reader.ValueSpan;
        return reader.TokenType is JsonTokenType.String && !reader.ValueIsEscaped && !reader.HasValueSequence
            && utf8.Length <= LongestShared && Ascii.IsValid(utf8)
            ? Shared(utf8)
            : reader.GetString();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    public override string ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);

    private string Shared(ReadOnlySpan<byte> ascii)
    {
        if (Environment.TickCount64 - Volatile.Read(ref since) > Lifetime)
        {
            Volatile.Write(ref since, Environment.TickCount64);
            texts = new string?[Places];
        }

        ref var place = ref texts[PlaceOf(ascii)];
        return place is { } text && Ascii.Equals(ascii, text) ? text : place = Encoding.ASCII.GetString(ascii);
    }

    /// <summary>By its length, its first letters and its last: texts that differ in the middle alone share a place.</summary>
    private static int PlaceOf(ReadOnlySpan<byte> text)
    {
        var (first, last) = text.Length >= sizeof(ulong)
            ? (BinaryPrimitives.ReadUInt64LittleEndian(text), BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]))
            : (Few(text), 0);
        return (HashCode.Combine(text.Length, first, last) & int.MaxValue) % Places;
    }

    private static ulong Few(ReadOnlySpan<byte> text)
    {
        var letters = 0ul;
        foreach (var letter in text)
            letters = (letters << 8) | letter;
        return letters;
    }
}
