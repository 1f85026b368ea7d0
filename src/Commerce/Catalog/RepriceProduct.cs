using Commerce.Contracts;
using Commerce.Contracts.Catalog;

namespace Commerce.Catalog;

public static partial class ProductDecider
{
    public static Decision Decide(Product product, RepriceProduct command)
    {
        if (!product.Exists)
            return Unknown(command.Sku);
        if (product.Discontinued)
        {
            return Decision.Reject(
                Rules.ProductDiscontinued,
                $"Product {command.Sku} is discontinued; its price stays {product.Price}. Register a new product.");
        }

        if (Prices.Check(command.Sku, command.Price) is { } refusal)
            return refusal;

        return product.Price == command.Price
            ? Decision.Nothing
            : Decision.Accept(new ProductRepriced(command.Tenant, command.Sku, command.Price, product.Price));
    }
}
