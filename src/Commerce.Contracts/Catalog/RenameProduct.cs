namespace Commerce.Contracts.Catalog;

public sealed record RenameProduct(string Tenant, string Sku, string Name) : ICommerceCommand;

public sealed record ProductRenamed(string Tenant, string Sku, string Name) : ICommerceEvent;
