namespace QueryApi.Caching;

/// <summary>
/// When the things that answers are made of last changed, by log position. Names share a table of fixed size by their
/// hash: two names in one place cost a read too many now and then, and never show an old answer.
/// </summary>
/// <remarks>One writer, any number of readers without locks.</remarks>
internal sealed class Changes
{
    private const int Places = 1 << 18;
    private readonly long[] last = new long[Places];
    private long through = -1;

    /// <summary>Every event up to here has been noted; -1 before any is known.</summary>
    public long Through => Volatile.Read(ref through);

    /// <summary>The place of a name: the same in every process, so that instances can share answers.</summary>
    public static int Place(string name)
    {
        // FNV-1a, 32 bits; http://www.isthe.com/chongo/tech/comp/fnv/
        var hash = 2_166_136_261u;
        foreach (var character in name)
            hash = (hash ^ character) * 16_777_619u;
        return (int)((hash ^ (hash >> 18)) & (Places - 1));
    }

    /// <summary>Starts to follow the log behind a position: of what changed before it nothing is known.</summary>
    public void Begin(long position)
    {
        Array.Fill(last, position);
        Volatile.Write(ref through, position);
    }

    public void Note(string name, long position) => Volatile.Write(ref last[Place(name)], position);

    /// <summary>All events up to a position have been noted.</summary>
    public void Reach(long position) => Volatile.Write(ref through, position);

    /// <summary>
    /// Up to which position an answer holds that was right at <paramref name="position"/>: as far as the log is known
    /// if nothing it is made of has changed since, else no further.
    /// </summary>
    public long HoldsThrough(ReadOnlySpan<int> places, long position)
    {
        // Taken first: what is noted afterwards lies beyond it.
        var known = Through;
        if (known <= position)
            return position;
        foreach (var place in places)
        {
            if (Volatile.Read(ref last[place]) > position)
                return position;
        }

        return known;
    }
}
