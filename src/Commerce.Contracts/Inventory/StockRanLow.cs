namespace Commerce.Contracts.Inventory;

/// <summary>Available units of a SKU fell to the threshold or below it; raised once on the way down.</summary>
public sealed record StockRanLow(string Tenant, string Sku, int Available, int Threshold) : ICommerceEvent;
