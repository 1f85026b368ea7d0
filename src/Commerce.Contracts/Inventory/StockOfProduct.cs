namespace Commerce.Contracts.Inventory;

/// <summary>Stock of one SKU, in units.</summary>
/// <param name="OnHand">In the warehouse, the reserved ones included.</param>
/// <param name="Reserved">Promised to orders that have not shipped.</param>
/// <param name="Available">Still to be promised.</param>
public sealed record StockOfProduct(string Sku, int OnHand, int Reserved, int Available);
