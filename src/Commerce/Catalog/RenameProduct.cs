using Commerce.Contracts.Catalog;

namespace Commerce.Catalog;

public static partial class ProductDecider
{
    public static Decision Decide(Product product, RenameProduct command) => product switch
    {
        { Exists: false } => Unknown(command.Sku),
        _ when product.Name == command.Name => Decision.Nothing,
        _ => Decision.Accept(new ProductRenamed(command.Tenant, command.Sku, command.Name)),
    };
}
