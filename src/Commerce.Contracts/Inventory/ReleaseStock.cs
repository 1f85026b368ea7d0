namespace Commerce.Contracts.Inventory;

/// <summary>Takes back what is reserved for an order, on the given SKUs; what is not reserved is left alone.</summary>
public sealed record ReleaseStock(string Tenant, Guid OrderId, IReadOnlyList<string> Skus) : ICommerceCommand;

public sealed record StockReleased(string Tenant, string Sku, Guid OrderId, int Quantity, StockLevel Level)
    : IUnpublishedEvent;

/// <summary>Reply to <see cref="ReleaseStock"/>: nothing is reserved for the order any more.</summary>
public sealed record StockReleaseAnswered(string Tenant, Guid OrderId) : ICommerceMessage;
