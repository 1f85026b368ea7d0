using System.Numerics;

namespace Chaos.EventStore;

/// <summary>
/// A set of positions of the log: a bit for each, so that millions of them cost no memory to speak of.
/// </summary>
internal sealed class PositionSet(int capacity)
{
    private readonly long[] words = new long[(capacity / 64) + 1];

    public long Count => words.Sum(word => (long)BitOperations.PopCount((ulong)word));

    /// <summary>Safe for use by many threads.</summary>
    /// <returns>Whether it was not there yet.</returns>
    public bool Add(long position)
    {
        var bit = 1L << (int)(position & 63);
        return (Interlocked.Or(ref words[position >> 6], bit) & bit) == 0;
    }

    public long CountWithout(PositionSet other) =>
        words.Zip(other.words, (mine, theirs) => (long)BitOperations.PopCount((ulong)(mine & ~theirs))).Sum();

    /// <summary>The positions that the other does not have, in order.</summary>
    public IEnumerable<long> Without(PositionSet other)
    {
        for (var i = 0; i < words.Length; i++)
        {
            for (var left = (ulong)(words[i] & ~other.words[i]); left != 0; left &= left - 1)
                yield return (64L * i) + BitOperations.TrailingZeroCount(left);
        }
    }
}
