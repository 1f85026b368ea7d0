using Commerce.Contracts.Catalog;
using Projections.Engine;
using Projections.Engine.Elasticsearch;
using Projections.Engine.Postgres;

namespace Projections.Catalog;

/// <summary>What the search page finds: in Elasticsearch, or in PostgreSQL where none is configured.</summary>
internal sealed class ProductSearch : Projection<ProductKey, ProductSearch.Row>
{
    public ProductSearch()
        : base("product-search", version: 1)
    {
        Start<ProductRegistered>(e => new(e.Tenant, e.Sku), (e, _) => new Row(
            e.Name, e.Description, e.Brand, e.Category, e.Price.Amount, e.Price.Currency, Discontinued: false));
        Change<ProductRenamed>(e => new(e.Tenant, e.Sku), (row, e, _) => row with { Name = e.Name });
        Change<ProductCategorized>(e => new(e.Tenant, e.Sku), (row, e, _) => row with { Category = e.Category });
        Change<ProductRepriced>(
            e => new(e.Tenant, e.Sku),
            (row, e, _) => row with { Price = e.Price.Amount, Currency = e.Price.Currency });
        Change<ProductDiscontinued>(e => new(e.Tenant, e.Sku), (row, _, _) => row with { Discontinued = true });
    }

    public override PostgresStorage Postgres { get; } = new("Catalog/ProductSearch.sql", Table: "product_search");

    public override ElasticsearchStorage<ProductKey> Elasticsearch { get; } =
        new("Catalog/ProductSearch.json", Id: key => $"{key.Tenant}/{key.Sku}");

    internal sealed record Row(
        string Name,
        string? Description,
        string? Brand,
        string Category,
        decimal Price,
        string Currency,
        bool Discontinued);
}
