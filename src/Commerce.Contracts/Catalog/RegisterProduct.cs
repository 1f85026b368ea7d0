namespace Commerce.Contracts.Catalog;

/// <summary>Adds a product to the catalog. The SKU is unique per tenant.</summary>
public sealed record RegisterProduct(
    string Tenant, string Sku, string Name, string? Description, string? Brand, string Category, Money Price)
    : ICommerceCommand;

public sealed record ProductRegistered(
    string Tenant, string Sku, string Name, string? Description, string? Brand, string Category, Money Price)
    : ICommerceEvent;
