using Commerce.Contracts;
using Commerce.Contracts.Catalog;

namespace Commerce.Catalog;

/// <summary>A product as its stream tells it.</summary>
/// <param name="Exists">False until it is registered.</param>
/// <param name="Discontinued">Off sale for good.</param>
public sealed record Product(bool Exists, string Name, string Category, Money Price, bool Discontinued)
{
    public static Product Initial { get; } = new(false, "", "", new Money(0, "XXX"), false);

    /// <summary>The state after an event; events of other kinds leave it as it is.</summary>
    public static Product Evolve(Product product, object fact) => fact switch
    {
        ProductRegistered e => new Product(true, e.Name, e.Category, e.Price, product.Discontinued),
        ProductRenamed e => product with { Name = e.Name },
        ProductCategorized e => product with { Category = e.Category },
        ProductRepriced e => product with { Price = e.Price },
        ProductDiscontinued => product with { Discontinued = true },
        _ => product,
    };
}

/// <summary>The rules of the catalog, one file per command.</summary>
public static partial class ProductDecider
{
    private static Decision Unknown(string sku) => Decision.Reject(
        Rules.ProductUnknown, $"Product {sku} is not in the catalog. Register it first, or correct the SKU.");
}
