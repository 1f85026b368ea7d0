namespace Projections.Catalog;

internal readonly record struct ProductKey(string Tenant, string Sku);
