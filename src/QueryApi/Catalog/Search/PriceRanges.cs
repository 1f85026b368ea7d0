namespace QueryApi.Catalog.Search;

/// <summary>The steps of the price facet, in the currency of the products.</summary>
internal static class PriceRanges
{
    /// <summary>Where each range begins; it ends where the next begins, the last nowhere.</summary>
    public static decimal[] Starts { get; } = [0, 10, 25, 50, 100, 250, 500, 1_000];

    /// <summary>Where the range that begins at <see cref="Starts"/>[index] ends; null: nowhere.</summary>
    public static decimal? End(int index) => index + 1 < Starts.Length ? Starts[index + 1] : null;
}
