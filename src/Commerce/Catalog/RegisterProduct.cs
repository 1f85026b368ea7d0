using Commerce.Contracts;
using Commerce.Contracts.Catalog;

namespace Commerce.Catalog;

public static partial class ProductDecider
{
    public static Decision Decide(Product product, RegisterProduct command)
    {
        if (product.Exists)
            return SkuTaken(command.Sku);

        return Prices.Check(command.Sku, command.Price) ?? Decision.Accept(new ProductRegistered(
            command.Tenant,
            command.Sku,
            command.Name,
            command.Description,
            command.Brand,
            command.Category,
            command.Price));
    }

    /// <summary>What the shell answers when the SKU's unique key belongs to another product.</summary>
    public static Decision SkuTaken(string sku) => Decision.Reject(
        Rules.SkuTaken, $"SKU {sku} is taken by another product. Choose another SKU, or change that product.");
}
