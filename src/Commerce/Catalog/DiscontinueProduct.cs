using Commerce.Contracts.Catalog;

namespace Commerce.Catalog;

public static partial class ProductDecider
{
    public static Decision Decide(Product product, DiscontinueProduct command) => product switch
    {
        { Exists: false } => Unknown(command.Sku),
        { Discontinued: true } => Decision.Nothing,
        _ => Decision.Accept(new ProductDiscontinued(command.Tenant, command.Sku, command.Reason)),
    };
}
