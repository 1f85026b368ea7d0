using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Projections.Engine;
using Projections.Engine.Postgres;

namespace Projections.Catalog;

/// <summary>The product page: a product with its category and its stock, in one row.</summary>
internal sealed class ProductDetails : Projection<ProductKey, ProductDetails.Row>
{
    public ProductDetails()
        : base("product-details", version: 1)
    {
        Upsert<ProductRegistered>(e => new(e.Tenant, e.Sku), (row, e, at) => (row ?? Row.Unknown) with
        {
            Name = e.Name,
            Description = e.Description,
            Brand = e.Brand,
            Category = e.Category,
            Price = e.Price.Amount,
            Currency = e.Price.Currency,
            RegisteredAt = at.Time,
        });
        Change<ProductRenamed>(e => new(e.Tenant, e.Sku), (row, e, _) => row with { Name = e.Name });
        Change<ProductCategorized>(e => new(e.Tenant, e.Sku), (row, e, _) => row with { Category = e.Category });
        Change<ProductRepriced>(
            e => new(e.Tenant, e.Sku),
            (row, e, _) => row with { Price = e.Price.Amount, Currency = e.Price.Currency });
        Change<ProductDiscontinued>(
            e => new(e.Tenant, e.Sku),
            (row, e, _) => row with { Discontinued = true, DiscontinuedReason = e.Reason });

        Upsert<StockReceived>(e => new(e.Tenant, e.Sku), (row, e, _) => WithStock(row, e.Level));
        Upsert<StockAdjusted>(e => new(e.Tenant, e.Sku), (row, e, _) => WithStock(row, e.Level));
        Upsert<StockReserved>(e => new(e.Tenant, e.Sku), (row, e, _) => WithStock(row, e.Level));
        Upsert<StockReleased>(e => new(e.Tenant, e.Sku), (row, e, _) => WithStock(row, e.Level));
        Upsert<StockShipped>(e => new(e.Tenant, e.Sku), (row, e, _) => WithStock(row, e.Level));
    }

    public override PostgresStorage Postgres { get; } = new("Catalog/ProductDetails.sql", Table: "products");

    private static Row WithStock(Row? row, StockLevel level) =>
        (row ?? Row.Unknown) with { OnHand = level.OnHand, Reserved = level.Reserved };

    /// <param name="Name">Null while only the stock is known: such a row is not shown.</param>
    internal sealed record Row(
        string? Name,
        string? Description,
        string? Brand,
        string? Category,
        decimal? Price,
        string? Currency,
        bool Discontinued,
        string? DiscontinuedReason,
        DateTimeOffset? RegisteredAt,
        int OnHand,
        int Reserved)
    {
        public static Row Unknown { get; } = new(null, null, null, null, null, null, false, null, null, 0, 0);
    }
}
