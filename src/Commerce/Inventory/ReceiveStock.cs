using Commerce.Contracts;
using Commerce.Contracts.Inventory;

namespace Commerce.Inventory;

public static partial class StockDecider
{
    /// <summary>Units that one delivery may bring.</summary>
    public const int LargestReceipt = 1_000_000;

    /// <param name="productKnown">Whether the catalog has the SKU; asked only for the first units of a SKU.</param>
    public static Decision Decide(StockItem item, ReceiveStock command, bool productKnown)
    {
        if (command.Quantity is < 1 or > LargestReceipt)
        {
            return Decision.Reject(
                Rules.QuantityOutOfRange,
                $"The quantity received of {command.Sku} must be between 1 and {LargestReceipt}, "
                + $"was {command.Quantity}. Split larger deliveries.");
        }

        if (!item.Exists && !productKnown)
            return Unknown(command.Sku);
        if (item.Level.OnHand + (long)command.Quantity > StockItem.Highest)
            return TooHigh(command.Sku, item, command.Quantity);

        var level = item.Level with { OnHand = item.Level.OnHand + command.Quantity };
        return Decision.Accept(
            new StockReceived(command.Tenant, command.Sku, command.Quantity, command.Reference, level));
    }

    private static Decision TooHigh(string sku, StockItem item, int quantity) => Decision.Reject(
        Rules.StockTooHigh,
        $"{sku} has {item.Level.OnHand} units on hand; {quantity} more would pass the limit of {StockItem.Highest}. "
        + "Ship or adjust first.");
}
