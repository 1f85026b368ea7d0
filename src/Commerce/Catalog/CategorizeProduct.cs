using Commerce.Contracts.Catalog;

namespace Commerce.Catalog;

public static partial class ProductDecider
{
    public static Decision Decide(Product product, CategorizeProduct command) => product switch
    {
        { Exists: false } => Unknown(command.Sku),
        _ when product.Category == command.Category => Decision.Nothing,
        _ => Decision.Accept(new ProductCategorized(command.Tenant, command.Sku, command.Category)),
    };
}
