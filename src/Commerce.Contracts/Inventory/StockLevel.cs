namespace Commerce.Contracts.Inventory;

/// <summary>Stock of one SKU after an event. Events carry it so that readers set values instead of adding.</summary>
/// <param name="OnHand">Units in the warehouse, the reserved ones included.</param>
/// <param name="Reserved">Units promised to orders that have not shipped.</param>
public sealed record StockLevel(int OnHand, int Reserved)
{
    /// <summary>Units that can still be promised.</summary>
    public int Available => OnHand - Reserved;
}
