using Commerce.Catalog;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;

namespace Commerce.Tests.Catalog;

public class ProductSpecs
{
    private static readonly Money price = new(12.50m, "GBP");

    private static readonly ProductRegistered registered =
        new("demo", "MUG-1", "Mug", "A mug", "Acme", "Kitchen", price);

    private static readonly ProductDiscontinued discontinued = new("demo", "MUG-1", "worn out");

    [Fact]
    public void A_product_is_registered() =>
        Product()
            .When(product => ProductDecider.Decide(product, Register(price)))
            .Then(registered);

    [Fact]
    public void A_sku_is_registered_once() =>
        Product().Given(registered)
            .When(product => ProductDecider.Decide(product, Register(price)))
            .ThenRejected(Rules.SkuTaken, "MUG-1");

    [Fact]
    public void A_sku_stays_taken_when_its_product_is_discontinued() =>
        Product().Given(registered, discontinued)
            .When(product => ProductDecider.Decide(product, Register(price)))
            .ThenRejected(Rules.SkuTaken, "MUG-1");

    [Theory]
    [InlineData("0", "price-not-positive")]
    [InlineData("-0.01", "price-not-positive")]
    [InlineData("1000000000.01", "price-too-high")]
    public void A_price_outside_its_range_is_rejected(string amount, string rule)
    {
        var wrong = new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), "GBP");

        Product()
            .When(product => ProductDecider.Decide(product, Register(wrong)))
            .ThenRejected(Rules.Find(rule)!, "MUG-1", amount);
        Product().Given(registered)
            .When(product => ProductDecider.Decide(product, new RepriceProduct("demo", "MUG-1", wrong)))
            .ThenRejected(Rules.Find(rule)!, "MUG-1", amount);
    }

    [Fact]
    public void A_new_price_remembers_the_old_one() =>
        Product().Given(registered)
            .When(product => ProductDecider.Decide(product, Reprice(9m)))
            .Then(new ProductRepriced("demo", "MUG-1", new Money(9m, "GBP"), price));

    [Fact]
    public void The_same_price_changes_nothing() =>
        Product().Given(registered)
            .When(product => ProductDecider.Decide(product, Reprice(12.5m)))
            .ThenNothing();

    [Fact]
    public void A_discontinued_product_is_not_repriced() =>
        Product().Given(registered, discontinued)
            .When(product => ProductDecider.Decide(product, Reprice(9m)))
            .ThenRejected(Rules.ProductDiscontinued, "MUG-1");

    [Fact]
    public void A_product_is_renamed_and_the_same_name_changes_nothing()
    {
        Product().Given(registered)
            .When(product => ProductDecider.Decide(product, new RenameProduct("demo", "MUG-1", "Big mug")))
            .Then(new ProductRenamed("demo", "MUG-1", "Big mug"));
        Product().Given(registered)
            .When(product => ProductDecider.Decide(product, new RenameProduct("demo", "MUG-1", "Mug")))
            .ThenNothing();
    }

    [Fact]
    public void A_product_is_categorized_and_the_same_category_changes_nothing()
    {
        Product().Given(registered)
            .When(product => ProductDecider.Decide(product, new CategorizeProduct("demo", "MUG-1", "Gifts")))
            .Then(new ProductCategorized("demo", "MUG-1", "Gifts"));
        Product().Given(registered)
            .When(product => ProductDecider.Decide(product, new CategorizeProduct("demo", "MUG-1", "Kitchen")))
            .ThenNothing();
    }

    [Fact]
    public void A_product_is_discontinued_once()
    {
        Product().Given(registered)
            .When(product => ProductDecider.Decide(product, new DiscontinueProduct("demo", "MUG-1", "worn out")))
            .Then(discontinued);
        Product().Given(registered, discontinued)
            .When(product => ProductDecider.Decide(product, new DiscontinueProduct("demo", "MUG-1", "again")))
            .ThenNothing();
    }

    [Fact]
    public void An_unregistered_product_can_only_be_registered()
    {
        Product().When(product => ProductDecider.Decide(product, Reprice(9m)))
            .ThenRejected(Rules.ProductUnknown, "MUG-1");
        Product().When(product => ProductDecider.Decide(product, new RenameProduct("demo", "MUG-1", "Cup")))
            .ThenRejected(Rules.ProductUnknown, "MUG-1");
        Product().When(product => ProductDecider.Decide(product, new CategorizeProduct("demo", "MUG-1", "Gifts")))
            .ThenRejected(Rules.ProductUnknown, "MUG-1");
        Product().When(product => ProductDecider.Decide(product, new DiscontinueProduct("demo", "MUG-1", null)))
            .ThenRejected(Rules.ProductUnknown, "MUG-1");
    }

    private static Scenario<Product> Product() =>
        new(Commerce.Catalog.Product.Initial, Commerce.Catalog.Product.Evolve);

    private static RegisterProduct Register(Money at) => new("demo", "MUG-1", "Mug", "A mug", "Acme", "Kitchen", at);

    private static RepriceProduct Reprice(decimal amount) => new("demo", "MUG-1", new Money(amount, "GBP"));
}
