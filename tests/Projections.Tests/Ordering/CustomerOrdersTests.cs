using Projections.Ordering;

namespace Projections.Tests.Ordering;

public sealed class CustomerOrdersTests
{
    private static readonly Guid Order = Guid.CreateVersion7();

    [Fact]
    public void An_order_is_listed_with_its_size_and_total()
    {
        var row = Given.Row(
            new CustomerOrders(),
            Shop.Placed(Order, lines: [Shop.Line("71053", 6, 3.39m), Shop.Line("85123A", 2, 2.55m)]));

        Assert.Equal(new CustomerOrders.Row("17850", "placed", 25.44m, "GBP", 2, 8, Given.TimeOf(1)), row);
    }

    [Fact]
    public void The_status_follows_the_order()
    {
        var orders = new CustomerOrders();
        var placed = Shop.Placed(Order, lines: Shop.Line("71053", 6, 3.39m));

        Assert.Equal("confirmed", Given.Row(orders, placed, Shop.Confirmed(Order)).Status);
        Assert.Equal("shipped", Given.Row(orders, placed, Shop.Confirmed(Order), Shop.Shipped(Order)).Status);
        Assert.Equal("completed", Given.Row(orders, placed, Shop.Completed(Order)).Status);
        Assert.Equal("canceled", Given.Row(orders, placed, Shop.Canceled(Order)).Status);
    }
}
