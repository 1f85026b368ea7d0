using Projections.Engine;
using Projections.Sales;

namespace Projections.Tests.Sales;

public sealed class BestsellersTests
{
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

    [Fact]
    public void Units_of_completed_orders_are_sold()
    {
        var model = Given.Fold(
            new Bestsellers(),
            Shop.Placed(First, lines: [Shop.Line("A", 3, 10m), Shop.Line("B", 1, 10m, "Garden")]),
            Shop.Placed(Second, lines: Shop.Line("A", 4, 10m)),
            Shop.Completed(First),
            Shop.Completed(Second));

        Assert.Equal(
            new Dictionary<object, Figures>
            {
                [new Bestsellers.Product(Shop.Tenant, "Lighting", "A", "Product A")] = new(7, 0),
                [new Bestsellers.Product(Shop.Tenant, "Garden", "B", "Product B")] = new(1, 0),
            },
            model.Totals);
    }

    [Fact]
    public void A_canceled_order_sold_nothing()
    {
        var model = Given.Fold(
            new Bestsellers(), Shop.Placed(First, lines: Shop.Line("A", 3, 10m)), Shop.Canceled(First));

        Assert.Empty(model.Totals);
        Assert.Null(Assert.Single(model.Rows).Row);
    }
}
