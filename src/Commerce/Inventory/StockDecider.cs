using Commerce.Contracts;
using Commerce.Contracts.Inventory;

namespace Commerce.Inventory;

/// <summary>The rules of the warehouse, one file per command.</summary>
public static partial class StockDecider
{
    private static StockItem ItemOf(IReadOnlyDictionary<string, StockItem> items, string sku) =>
        items.GetValueOrDefault(sku) ?? StockItem.Initial;

    /// <summary>The low-stock event where available units cross the threshold on the way down.</summary>
    private static IEnumerable<ICommerceEvent> RanLow(string tenant, string sku, StockLevel before, StockLevel after)
    {
        if (before.Available > StockItem.LowThreshold && after.Available <= StockItem.LowThreshold)
            yield return new StockRanLow(tenant, sku, after.Available, StockItem.LowThreshold);
    }

    private static Decision Unknown(string sku) => Decision.Reject(
        Rules.ProductUnknown,
        $"Product {sku} is not in the catalog, so it has no stock. Register it first, or correct the SKU.");
}
