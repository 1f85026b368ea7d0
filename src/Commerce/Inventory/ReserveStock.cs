using Commerce.Contracts;
using Commerce.Contracts.Inventory;

namespace Commerce.Inventory;

public static partial class StockDecider
{
    /// <summary>Every line or none. Lines of the same SKU count together.</summary>
    /// <param name="items">The stock of each SKU on the lines; one that is missing counts as empty.</param>
    public static Decision Decide(
        Reservation reservation, IReadOnlyDictionary<string, StockItem> items, ReserveStock command)
    {
        if (reservation.Status == ReservationStatus.Made)
            return Decision.Nothing;
        if (reservation.Status == ReservationStatus.Closed)
        {
            return Decision.Reject(
                Rules.ReservationClosed,
                $"Order {command.OrderId} has given its stock back and gets none again. Place a new order.");
        }

        if (command.Lines.FirstOrDefault(line => line.Quantity < 1) is { } wrong)
        {
            return Decision.Reject(
                Rules.QuantityOutOfRange,
                $"The quantity of {wrong.Sku} to reserve must be at least 1, was {wrong.Quantity}.");
        }

        var wanted = command.Lines
            .GroupBy(line => line.Sku, StringComparer.Ordinal)
            .Select(lines => (Sku: lines.Key, Quantity: lines.Sum(line => (long)line.Quantity)))
            .ToList();
        var missing = wanted
            .Where(line => line.Quantity > ItemOf(items, line.Sku).Level.Available)
            .Select(line => $"{line.Sku} ({line.Quantity} wanted, {ItemOf(items, line.Sku).Level.Available} available)")
            .ToList();
        if (missing.Count > 0)
        {
            return Decision.Reject(
                Rules.InsufficientStock,
                $"Not enough stock of {string.Join(", ", missing)}. Order less, or wait for a delivery.");
        }

        return Decision.Accept(
        [
            new ReservationMade(command.Tenant, command.OrderId, command.Lines),
            .. wanted.SelectMany(line => Reserve(
                command, line.Sku, (int)line.Quantity, ItemOf(items, line.Sku).Level)),
        ]);
    }

    private static IEnumerable<ICommerceEvent> Reserve(
        ReserveStock command, string sku, int quantity, StockLevel before)
    {
        var after = before with { Reserved = before.Reserved + quantity };
        return
        [
            new StockReserved(command.Tenant, sku, command.OrderId, quantity, after),
            .. RanLow(command.Tenant, sku, before, after),
        ];
    }
}
