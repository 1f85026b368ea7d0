using Commerce.Contracts;
using Commerce.Contracts.Inventory;

namespace Commerce.Inventory;

public static partial class StockDecider
{
    /// <param name="productKnown">Whether the catalog has the SKU; asked only for the first units of a SKU.</param>
    public static Decision Decide(StockItem item, AdjustStock command, bool productKnown)
    {
        if (!item.Exists && !productKnown)
            return Unknown(command.Sku);
        if (command.Quantity == 0)
            return Decision.Nothing;

        var onHand = item.Level.OnHand + (long)command.Quantity;
        if (onHand > StockItem.Highest)
            return TooHigh(command.Sku, item, command.Quantity);
        if (onHand < item.Level.Reserved)
        {
            return Decision.Reject(
                Rules.InsufficientStock,
                $"{command.Sku} has {item.Level.OnHand} units on hand, {item.Level.Reserved} of them reserved: "
                + $"at most {item.Level.Available} can be taken away, not {-(long)command.Quantity}.");
        }

        var level = item.Level with { OnHand = (int)onHand };
        return Decision.Accept(
        [
            new StockAdjusted(command.Tenant, command.Sku, command.Quantity, command.Reason, level),
            .. RanLow(command.Tenant, command.Sku, item.Level, level),
        ]);
    }
}
