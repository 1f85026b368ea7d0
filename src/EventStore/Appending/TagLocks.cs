using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventStore.Appending;

/// <summary>
/// The advisory locks that a batch needs: one for each tag it writes, shared, and one for the first tag of each
/// condition, alone. Two tags that share a lock only wait for each other without need.
/// </summary>
internal static class TagLocks
{
    /// <summary>"ET" in the upper 16 bits, unlike the other locks of <c>Schema/append.sql</c>.</summary>
    private const long Kind = 0x4554L << 48;

    /// <returns>Keys in ascending order, each once, in the strongest mode needed; null where there are none.</returns>
    public static (long[] Keys, bool[] Alone)? Of(AppendBatch batch)
    {
        SortedDictionary<long, bool>? locks = null;
        foreach (var append in batch.Appends)
        {
            if (append.HasTags)
            {
                foreach (var @event in append.Events)
                {
                    foreach (var tag in @event.Tags)
                        (locks ??= []).TryAdd(Key(tag), false);
                }
            }
            foreach (var condition in append.Request.Conditions ?? [])
                (locks ??= [])[Key(condition.None.Tags![0])] = true;
        }
        return locks is null ? null : ([.. locks.Keys], [.. locks.Values]);
    }

    private static long Key(string tag)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(tag), hash);
        return Kind | (BinaryPrimitives.ReadInt64BigEndian(hash) & 0xFFFF_FFFF_FFFF);
    }
}
