using System.Text;
using QueryApi.Consistency;
using QueryApi.Stores;

namespace QueryApi.Caching;

/// <summary>
/// Answers in Redis, for all instances and across restarts. A convenience, never a need: Redis away is nothing found.
/// </summary>
internal sealed class SharedCache(RedisModels redis, SharedCacheName name, QueryApiSettings settings)
{
    private const byte Format = 1;
    private const int Largest = 256 * 1024;

    /// <summary>An answer that has to be asked for longer than this is read from its model instead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    public async Task<CachedAnswer?> Find(string key) =>
        name.Prefix is { } prefix && await redis.TryGet(prefix + key, Patience) is { } bytes ? Decode(bytes) : null;

    /// <summary>Keeps an answer; nobody waits for that.</summary>
    public void Keep(string key, CachedAnswer answer)
    {
        if (name.Prefix is { } prefix && answer.Size <= Largest)
            redis.TrySet(prefix + key, Encode(answer), settings.CacheFor);
    }

    private static byte[] Encode(CachedAnswer answer)
    {
        using var stream = new MemoryStream(answer.Size);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Format);
        writer.Write(answer.Projection);
        writer.Write(answer.Build);
        writer.Write(answer.Tag);
        writer.Write(answer.Mark.Position);
        writer.Write(answer.Mark.Staleness?.Ticks ?? -1);
        writer.Write(answer.ReadAt.Ticks);
        writer.Write(answer.Places.Length);
        foreach (var place in answer.Places)
            writer.Write(place);
        writer.Write(answer.Body.Length);
        writer.Write(answer.Body);
        writer.Flush();
        return stream.ToArray();
    }

    /// <returns>Null for what another version of this program wrote.</returns>
    private static CachedAnswer? Decode(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadByte() != Format)
            return null;
        var (projection, build, tag) = (reader.ReadString(), reader.ReadString(), reader.ReadString());
        var position = reader.ReadInt64();
        var staleness = reader.ReadInt64();
        var readAt = new DateTime(reader.ReadInt64(), DateTimeKind.Utc);
        var places = new int[reader.ReadInt32()];
        for (var i = 0; i < places.Length; i++)
            places[i] = reader.ReadInt32();
        var body = reader.ReadBytes(reader.ReadInt32());
        var mark = new ReadMark(position, staleness < 0 ? null : TimeSpan.FromTicks(staleness));
        return new CachedAnswer(body, tag, projection, build, mark, readAt, places);
    }
}
