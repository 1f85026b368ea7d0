using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using QueryApi.Consistency;

namespace QueryApi.Caching;

/// <summary>
/// An answer as it goes over the wire, and what is needed to judge whether it still holds. The tag is a digest of the
/// bytes: the same content has the same tag on every instance.
/// </summary>
/// <param name="Body">JSON in UTF-8.</param>
/// <param name="Build">The storage that it was read from: another build may show the same events otherwise.</param>
/// <param name="Mark">Up to where the model had come when it was read, and how old it was.</param>
/// <param name="ReadAt">When it was read, by this machine's or another instance's clock.</param>
/// <param name="Places">What it is made of; see <see cref="Changes"/>.</param>
internal sealed record CachedAnswer(
    byte[] Body, string Tag, string Projection, string Build, ReadMark Mark, DateTime ReadAt, int[] Places)
{
    private const int TagLength = 16;

    /// <summary>As header values, made once.</summary>
    public StringValues TagHeader { get; } = Tag;

    /// <summary>The route that it answers, for the telemetry of requests that never get to routing.</summary>
    public Endpoint? Route { get; init; }

    /// <summary>What it takes in memory, roughly: the bytes, and some 400 for what is around them.</summary>
    public int Size => Body.Length + Places.Length * sizeof(int) + 400;

    /// <summary>How old it is for sure at most; null: unknown.</summary>
    public TimeSpan? AgeNow => Mark.Staleness + (DateTime.UtcNow - ReadAt);

    public static (byte[] Body, string Tag) Encode<T>(T value, JsonSerializerOptions json)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, json);
        return (body, $"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, TagLength))}\"");
    }
}
