namespace Commerce.Contracts.Inventory;

/// <summary>Corrects the count after a stock-taking, breakage or a find.</summary>
/// <param name="Quantity">Units to add, or to take away if negative; never below what is reserved.</param>
public sealed record AdjustStock(string Tenant, string Sku, int Quantity, string Reason) : ICommerceCommand;

public sealed record StockAdjusted(string Tenant, string Sku, int Quantity, string Reason, StockLevel Level)
    : ICommerceEvent;
