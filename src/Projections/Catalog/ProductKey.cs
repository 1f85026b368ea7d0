namespace Projections.Catalog;

internal sealed record ProductKey(string Tenant, string Sku);
