using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Commerce.Ordering;

namespace Commerce.Tests.Ordering;

public class PlaceOrderSpecs
{
    private static readonly Dictionary<string, ProductFacts> catalog = new()
    {
        ["MUG-1"] = new ProductFacts("Mug", "Kitchen", new Money(2.55m, "GBP"), Discontinued: false),
        ["HAT-1"] = new ProductFacts("Hat", "Clothes", new Money(7.40m, "GBP"), Discontinued: false),
        ["OLD-1"] = new ProductFacts("Old", "Kitchen", new Money(50m, "GBP"), Discontinued: true),
        ["EUR-1"] = new ProductFacts("Euro", "Kitchen", new Money(50m, "EUR"), Discontinued: false),
    };

    [Fact]
    public void An_order_takes_name_category_and_price_from_the_catalog() =>
        Place(new RequestedLine("MUG-1", 2, null), new RequestedLine("HAT-1", 1, null)).Then(Placed(
            new Money(12.50m, "GBP"),
            new OrderLine("MUG-1", "Mug", "Kitchen", 2, new Money(2.55m, "GBP")),
            new OrderLine("HAT-1", "Hat", "Clothes", 1, new Money(7.40m, "GBP"))));

    [Fact]
    public void An_agreed_price_goes_before_the_catalogs() =>
        Place(new RequestedLine("MUG-1", 5, new Money(2.10m, "GBP"))).Then(Placed(
            new Money(10.50m, "GBP"), new OrderLine("MUG-1", "Mug", "Kitchen", 5, new Money(2.10m, "GBP"))));

    [Fact]
    public void One_sku_may_be_on_several_lines() =>
        Place(
            new RequestedLine("MUG-1", 4, null),
            new RequestedLine("MUG-1", 1, new Money(0.01m, "GBP"))).Then(Placed(
            new Money(10.21m, "GBP"),
            new OrderLine("MUG-1", "Mug", "Kitchen", 4, new Money(2.55m, "GBP")),
            new OrderLine("MUG-1", "Mug", "Kitchen", 1, new Money(0.01m, "GBP"))));

    [Fact]
    public void Order_below_the_minimum_total_is_rejected()
    {
        Place(new RequestedLine("MUG-1", 1, new Money(9.99m, "GBP")))
            .ThenRejected(Rules.OrderMinimumTotal, "9.99 GBP", "10.00 GBP");
        Place(new RequestedLine("MUG-1", 1, new Money(10.00m, "GBP"))).Then(Placed(
            new Money(10.00m, "GBP"), new OrderLine("MUG-1", "Mug", "Kitchen", 1, new Money(10.00m, "GBP"))));
    }

    [Theory]
    [InlineData("CAP-1", 10, "product-unknown", "CAP-1")]
    [InlineData("OLD-1", 10, "product-discontinued", "OLD-1")]
    [InlineData("EUR-1", 10, "currency-mismatch", "EUR")]
    [InlineData("MUG-1", 0, "quantity-out-of-range", "was 0")]
    [InlineData("MUG-1", 10_001, "quantity-out-of-range", "was 10001")]
    public void A_line_that_cannot_be_ordered_rejects_the_order(string sku, int quantity, string rule, string named) =>
        Place(new RequestedLine("HAT-1", 10, null), new RequestedLine(sku, quantity, null))
            .ThenRejected(Rules.Find(rule)!, named);

    [Theory]
    [InlineData(0, "price-not-positive")]
    [InlineData(-1, "price-not-positive")]
    [InlineData(1_000_000_001, "price-too-high")]
    public void An_agreed_price_keeps_to_the_range_of_prices(int amount, string rule) =>
        Place(new RequestedLine("MUG-1", 10, new Money(amount, "GBP")))
            .ThenRejected(Rules.Find(rule)!, "MUG-1");

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void An_order_has_1_to_100_lines(int lines) =>
        Place([.. Enumerable.Repeat(new RequestedLine("MUG-1", 1, null), lines)])
            .ThenRejected(Rules.OrderLineCount, $"has {lines}");

    [Fact]
    public void The_largest_order_of_all_has_a_total() =>
        Place([.. Enumerable.Repeat(new RequestedLine("MUG-1", 10_000, new Money(Prices.Highest, "GBP")), 100)])
            .Then(Placed(
                new Money(1_000_000_000_000_000m, "GBP"),
                [.. Enumerable.Repeat(
                    new OrderLine("MUG-1", "Mug", "Kitchen", 10_000, new Money(Prices.Highest, "GBP")), 100)]));

    [Fact]
    public void An_order_id_is_used_once() =>
        Orders.Order().Given(Orders.Placed)
            .When(order => OrderDecider.Decide(order, Command(new RequestedLine("HAT-1", 2, null)), catalog))
            .ThenRejected(Rules.OrderIdTaken, Orders.Id.ToString());

    private static Outcome Place(params RequestedLine[] lines) =>
        Orders.Order().When(order => OrderDecider.Decide(order, Command(lines), catalog));

    private static PlaceOrder Command(params RequestedLine[] lines) =>
        new("demo", Orders.Id, "C-1", lines, Orders.Address, "tok_ok");

    private static OrderPlaced Placed(Money total, params OrderLine[] lines) =>
        new("demo", Orders.Id, "C-1", lines, total, Orders.Address, "tok_ok");
}
