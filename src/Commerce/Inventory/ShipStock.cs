using Commerce.Contracts;
using Commerce.Contracts.Inventory;

namespace Commerce.Inventory;

public static partial class StockDecider
{
    /// <summary>
    /// Books out what the order holds; a SKU it holds nothing of is left alone. May run any number of times.
    /// </summary>
    /// <param name="items">The stock of each SKU named; one that is missing counts as empty.</param>
    public static Decision Decide(IReadOnlyDictionary<string, StockItem> items, ShipStock command) =>
        Decision.Accept(
        [
            .. command.Skus
                .Distinct(StringComparer.Ordinal)
                .SelectMany(sku => Ship(command, sku, ItemOf(items, sku))),
        ]);

    private static IEnumerable<ICommerceEvent> Ship(ShipStock command, string sku, StockItem item)
    {
        if (!item.Reservations.TryGetValue(command.OrderId, out var quantity))
            yield break;

        var level = new StockLevel(item.Level.OnHand - quantity, item.Level.Reserved - quantity);
        yield return new StockShipped(command.Tenant, sku, command.OrderId, quantity, level);
    }
}
