namespace Commerce.Contracts.Inventory;

/// <summary>Books delivered units into the warehouse.</summary>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="Reference">The delivery note or purchase order, where there is one.</param>
public sealed record ReceiveStock(string Tenant, string Sku, int Quantity, string? Reference) : ICommerceCommand;

public sealed record StockReceived(string Tenant, string Sku, int Quantity, string? Reference, StockLevel Level)
    : ICommerceEvent;
