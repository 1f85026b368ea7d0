namespace Operations.Alerts.Figures;

/// <summary>Measurements of a histogram, as counts by bucket.</summary>
/// <param name="Bounds">Upper ends of the buckets, rising; empty where nothing was measured.</param>
/// <param name="Buckets">One more than there are bounds: the last one has the rest.</param>
internal sealed record Distribution(IReadOnlyList<double> Bounds, IReadOnlyList<long> Buckets)
{
    public static Distribution None { get; } = new([], [0]);

    public long Count => Buckets.Sum();

    /// <summary>How many were above a value; exact where the value is a bound.</summary>
    public long Above(double value)
    {
        var above = 0L;
        for (var index = 0; index < Buckets.Count; index++)
        {
            if (index == Bounds.Count || Bounds[index] > value)
                above += Buckets[index];
        }

        return above;
    }

    /// <summary>
    /// The value that a share of the measurements does not exceed, interpolated within its bucket; the last bound where
    /// it lies above that. Null: nothing was measured.
    /// </summary>
    public double? Quantile(double share)
    {
        var count = Count;
        if (count == 0)
            return null;
        var rank = share * count;
        var below = 0L;
        for (var index = 0; index < Bounds.Count; index++)
        {
            if (below + Buckets[index] >= rank && Buckets[index] > 0)
            {
                var low = index == 0 ? 0 : Bounds[index - 1];
                return low + (Bounds[index] - low) * (rank - below) / Buckets[index];
            }

            below += Buckets[index];
        }

        return Bounds.Count == 0 ? null : Bounds[^1];
    }

    /// <summary>Both together; their buckets are the same, since every service has the same code.</summary>
    public Distribution And(Distribution other) =>
        Bounds.Count == 0 ? other
        : other.Bounds.Count != Bounds.Count ? this
        : new Distribution(Bounds, [.. Buckets.Zip(other.Buckets, (left, right) => left + right)]);
}
