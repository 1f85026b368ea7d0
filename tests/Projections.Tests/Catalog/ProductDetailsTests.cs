using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using ProductDetails = Projections.Catalog.ProductDetails;

namespace Projections.Tests.Catalog;

public sealed class ProductDetailsTests
{
    [Fact]
    public void A_registered_product_is_shown_as_registered()
    {
        var row = Given.Row(new ProductDetails(), Shop.Registered("71053", "White lantern", "Lighting", 3.39m));

        Assert.Equal(
            new ProductDetails.Row(
                "White lantern", "A lantern of white metal", "Daybird", "Lighting", 3.39m, "GBP", false, null,
                Given.TimeOf(1), 0, 0),
            row);
    }

    [Fact]
    public void Later_events_change_what_they_are_about_and_nothing_else()
    {
        var registered = Shop.Registered("71053");
        var row = Given.Row(
            new ProductDetails(),
            registered,
            new ProductRenamed(Shop.Tenant, "71053", "Black lantern"),
            new ProductCategorized(Shop.Tenant, "71053", "Garden"),
            new ProductRepriced(Shop.Tenant, "71053", new Money(4.00m, "GBP"), registered.Price),
            new ProductDiscontinued(Shop.Tenant, "71053", "out of fashion"));

        Assert.Equal(
            new ProductDetails.Row(
                "Black lantern", registered.Description, registered.Brand, "Garden", 4.00m, "GBP", true,
                "out of fashion", Given.TimeOf(1), 0, 0),
            row);
    }

    [Fact]
    public void Stock_is_the_level_of_the_last_stock_event()
    {
        var row = Given.Row(
            new ProductDetails(),
            Shop.Registered("71053"),
            Shop.Received("71053", 10, onHand: 10, reserved: 0),
            Shop.Reserved("71053", Guid.CreateVersion7(), 3, onHand: 10, reserved: 3));

        Assert.Equal((10, 3), (row.OnHand, row.Reserved));
    }

    [Fact]
    public void Stock_that_arrives_before_the_product_is_registered_is_kept()
    {
        var row = Given.Row(
            new ProductDetails(), Shop.Received("71053", 10, onHand: 10, reserved: 0), Shop.Registered("71053"));

        Assert.Equal(("Lantern", 10), (row.Name, row.OnHand));
    }
}
