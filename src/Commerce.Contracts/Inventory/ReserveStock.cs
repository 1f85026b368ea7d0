namespace Commerce.Contracts.Inventory;

/// <summary>Units of one SKU that an order needs.</summary>
public sealed record StockLine(string Sku, int Quantity);

/// <summary>Promises every line to the order, or none: one transaction over the stock of all its SKUs.</summary>
public sealed record ReserveStock(string Tenant, Guid OrderId, IReadOnlyList<StockLine> Lines) : ICommerceCommand;

public sealed record StockReserved(string Tenant, string Sku, Guid OrderId, int Quantity, StockLevel Level)
    : IUnpublishedEvent;

/// <summary>Reply to <see cref="ReserveStock"/>.</summary>
/// <param name="Refusal">Why nothing was reserved, in words for the customer; null when every line was.</param>
public sealed record StockReservationAnswered(string Tenant, Guid OrderId, string? Refusal) : ICommerceMessage;
