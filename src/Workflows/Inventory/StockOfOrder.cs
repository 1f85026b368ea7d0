using Commerce.Contracts;
using Commerce.Inventory;

namespace Workflows.Inventory;

/// <summary>What a reservation is decided on, by SKU.</summary>
internal static class StockOfOrder
{
    /// <summary>The stock of all SKUs, in one round trip.</summary>
    public static async Task<IReadOnlyDictionary<string, StockItem>> Load(
        StreamsRead streams, string tenant, IEnumerable<string> skus)
    {
        var bySku = skus.Distinct(StringComparer.Ordinal)
            .ToDictionary(sku => sku, sku => CommerceStreams.Stock(tenant, sku), StringComparer.Ordinal);
        var items = await streams.Load(bySku.Values, Folds.Stock);
        return bySku.ToDictionary(pair => pair.Key, pair => items[pair.Value], StringComparer.Ordinal);
    }
}
