using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Inventory;

namespace Commerce.Tests.Inventory;

public class StockSpecs
{
    private static readonly Guid order = Guid.Parse("0198a5f0-0000-7000-8000-000000000001");

    [Fact]
    public void Received_units_are_on_hand() =>
        Stock().Given(Received(100))
            .When(item => StockDecider.Decide(item, new ReceiveStock("demo", "MUG-1", 20, "PO-7"), productKnown: false))
            .Then(new StockReceived("demo", "MUG-1", 20, "PO-7", new StockLevel(120, 0)));

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1_000_001)]
    public void A_receipt_outside_its_range_is_rejected(int quantity) =>
        Stock()
            .When(item => StockDecider.Decide(
                item, new ReceiveStock("demo", "MUG-1", quantity, null), productKnown: true))
            .ThenRejected(Rules.QuantityOutOfRange, "MUG-1", $"was {quantity}");

    [Fact]
    public void The_first_units_of_a_product_that_is_not_in_the_catalog_are_rejected()
    {
        Stock().When(item => StockDecider.Decide(item, new ReceiveStock("demo", "MUG-1", 1, null), productKnown: false))
            .ThenRejected(Rules.ProductUnknown, "MUG-1");
        Stock()
            .When(item => StockDecider.Decide(item, new AdjustStock("demo", "MUG-1", 1, "find"), productKnown: false))
            .ThenRejected(Rules.ProductUnknown, "MUG-1");
    }

    [Fact]
    public void The_warehouse_has_a_limit() =>
        Stock().Given(Received(StockItem.Highest))
            .When(item => StockDecider.Decide(item, new ReceiveStock("demo", "MUG-1", 1, null), productKnown: true))
            .ThenRejected(Rules.StockTooHigh, "MUG-1", "1000000000");

    [Theory]
    [InlineData(-20, 80)]
    [InlineData(5, 105)]
    public void An_adjustment_corrects_the_count(int quantity, int onHand) =>
        Stock().Given(Received(100))
            .When(item => StockDecider.Decide(
                item, new AdjustStock("demo", "MUG-1", quantity, "count"), productKnown: true))
            .Then(new StockAdjusted("demo", "MUG-1", quantity, "count", new StockLevel(onHand, 0)));

    [Fact]
    public void An_adjustment_leaves_what_is_reserved() =>
        Stock().Given(Received(100), Reserved(60, new StockLevel(100, 60)))
            .When(item => StockDecider.Decide(item, new AdjustStock("demo", "MUG-1", -41, "count"), productKnown: true))
            .ThenRejected(Rules.InsufficientStock, "MUG-1", "at most 40", "not 41");

    [Fact]
    public void An_adjustment_by_the_lowest_integer_is_rejected_like_any_other() =>
        Stock().Given(Received(100))
            .When(item => StockDecider.Decide(
                item, new AdjustStock("demo", "MUG-1", int.MinValue, "count"), productKnown: true))
            .ThenRejected(Rules.InsufficientStock, "2147483648");

    [Theory]
    [InlineData(20, 9, false)]  // 11 available
    [InlineData(20, 10, true)]  // 10
    [InlineData(20, 15, true)]  // 5
    [InlineData(10, 3, false)]  // was low before
    public void Running_low_is_told_once_on_the_way_down(int onHand, int taken, bool told)
    {
        var after = new StockLevel(onHand - taken, 0);
        var adjusted = new StockAdjusted("demo", "MUG-1", -taken, "count", after);

        var outcome = Stock().Given(Received(onHand))
            .When(item => StockDecider.Decide(
                item, new AdjustStock("demo", "MUG-1", -taken, "count"), productKnown: true));

        if (told)
            outcome.Then(adjusted, new StockRanLow("demo", "MUG-1", after.Available, 10));
        else
            outcome.Then(adjusted);
    }

    private static Scenario<StockItem> Stock() => new(StockItem.Initial, StockItem.Evolve);

    private static StockReceived Received(int quantity) =>
        new("demo", "MUG-1", quantity, null, new StockLevel(quantity, 0));

    private static StockReserved Reserved(int quantity, StockLevel level) =>
        new("demo", "MUG-1", order, quantity, level);
}
