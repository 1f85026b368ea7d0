using Commerce.Contracts;
using Commerce.Contracts.Inventory;

namespace Commerce.Inventory;

public static partial class StockDecider
{
    /// <summary>
    /// Gives back what the order still holds, and closes its reservation for good. May run any number of times.
    /// </summary>
    /// <param name="items">The stock of each SKU named; one that is missing counts as empty.</param>
    public static Decision Decide(
        Reservation reservation, IReadOnlyDictionary<string, StockItem> items, ReleaseStock command)
    {
        var released = command.Skus
            .Distinct(StringComparer.Ordinal)
            .SelectMany(sku => Release(command, sku, ItemOf(items, sku)))
            .ToList();
        return reservation.Status == ReservationStatus.Closed
            ? Decision.Accept(released)
            : Decision.Accept([new ReservationClosed(command.Tenant, command.OrderId), .. released]);
    }

    private static IEnumerable<ICommerceEvent> Release(ReleaseStock command, string sku, StockItem item)
    {
        if (!item.Reservations.TryGetValue(command.OrderId, out var quantity))
            yield break;

        var level = item.Level with { Reserved = item.Level.Reserved - quantity };
        yield return new StockReleased(command.Tenant, sku, command.OrderId, quantity, level);
    }
}
