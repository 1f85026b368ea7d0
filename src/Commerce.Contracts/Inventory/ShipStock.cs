namespace Commerce.Contracts.Inventory;

/// <summary>Books the units reserved for an order out of the warehouse.</summary>
public sealed record ShipStock(string Tenant, Guid OrderId, IReadOnlyList<string> Skus) : ICommerceCommand;

public sealed record StockShipped(string Tenant, string Sku, Guid OrderId, int Quantity, StockLevel Level)
    : IUnpublishedEvent;

/// <summary>Reply to <see cref="ShipStock"/>: the order's units are booked out.</summary>
public sealed record StockShipmentAnswered(string Tenant, Guid OrderId) : ICommerceMessage;
