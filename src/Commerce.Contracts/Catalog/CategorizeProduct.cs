namespace Commerce.Contracts.Catalog;

public sealed record CategorizeProduct(string Tenant, string Sku, string Category) : ICommerceCommand;

public sealed record ProductCategorized(string Tenant, string Sku, string Category) : ICommerceEvent;
