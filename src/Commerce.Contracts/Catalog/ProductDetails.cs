using Commerce.Contracts.Inventory;

namespace Commerce.Contracts.Catalog;

/// <summary>A product as its page shows it: catalog entry and stock, joined beforehand.</summary>
/// <param name="Discontinued">Off sale for good.</param>
public sealed record ProductDetails(
    string Sku,
    string Name,
    string? Description,
    string? Brand,
    string Category,
    Money Price,
    bool Discontinued,
    StockLevel Stock);
