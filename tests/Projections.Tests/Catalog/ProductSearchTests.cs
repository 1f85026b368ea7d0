using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Projections.Catalog;

namespace Projections.Tests.Catalog;

public sealed class ProductSearchTests
{
    [Fact]
    public void A_product_is_found_by_what_it_is_called_now()
    {
        var registered = Shop.Registered("71053");
        var row = Given.Row(
            new ProductSearch(),
            registered,
            new ProductRenamed(Shop.Tenant, "71053", "Black lantern"),
            new ProductCategorized(Shop.Tenant, "71053", "Garden"),
            new ProductRepriced(Shop.Tenant, "71053", new Money(4.00m, "GBP"), registered.Price));

        Assert.Equal(
            new ProductSearch.Row(
                "Black lantern", registered.Description, registered.Brand, "Garden", 4.00m, "GBP", Discontinued: false),
            row);
    }

    [Fact]
    public void A_discontinued_product_stays_and_is_marked()
    {
        var row = Given.Row(
            new ProductSearch(), Shop.Registered("71053"), new ProductDiscontinued(Shop.Tenant, "71053", null));

        Assert.True(row.Discontinued);
    }
}
