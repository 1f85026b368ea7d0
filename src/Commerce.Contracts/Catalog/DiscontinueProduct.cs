namespace Commerce.Contracts.Catalog;

/// <summary>Takes a product off sale for good: it can be neither ordered nor re-priced afterwards.</summary>
public sealed record DiscontinueProduct(string Tenant, string Sku, string? Reason) : ICommerceCommand;

public sealed record ProductDiscontinued(string Tenant, string Sku, string? Reason) : ICommerceEvent;
