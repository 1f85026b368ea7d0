using Projections.Engine;
using Projections.Sales;

namespace Projections.Tests.Sales;

public sealed class RevenueTests
{
    private static readonly DateOnly Day = new(2010, 12, 1);
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

    [Fact]
    public void An_order_that_is_not_completed_brought_in_nothing()
    {
        var model = Given.Fold(
            new Revenue(),
            Shop.Placed(First, lines: Shop.Line("71053", 6, 3.39m)),
            Shop.Confirmed(First),
            Shop.Placed(Second, lines: Shop.Line("71053", 6, 3.39m)),
            Shop.Canceled(Second));

        Assert.Empty(model.Totals);
    }

    [Fact]
    public void A_completed_order_counts_once_in_its_day_its_country_and_each_of_its_categories()
    {
        var model = Given.Fold(
            new Revenue(),
            Shop.Placed(
                First,
                country: "France",
                lines:
                [
                    Shop.Line("A", 1, 10m, "Lighting"),
                    Shop.Line("B", 2, 5m, "Lighting"),
                    Shop.Line("C", 1, 7m, "Garden"),
                ]),
            Shop.Completed(First));

        Assert.Equal(
            new Dictionary<object, Figures>
            {
                [Group("day", "2010-12-01")] = new(1, 27m),
                [Group("country", "France")] = new(1, 27m),
                [Group("category", "Lighting")] = new(1, 20m),
                [Group("category", "Garden")] = new(1, 7m),
            },
            model.Totals);
    }

    [Fact]
    public void Orders_of_a_day_add_up()
    {
        var model = Given.Fold(
            new Revenue(),
            Shop.Placed(First, lines: Shop.Line("A", 1, 10m)),
            Shop.Placed(Second, country: "France", lines: Shop.Line("A", 3, 10m)),
            Shop.Completed(Second),
            Shop.Completed(First));

        Assert.Equal(new Figures(2, 40m), model.Totals[Group("day", "2010-12-01")]);
        Assert.Equal(new Figures(2, 40m), model.Totals[Group("category", "Lighting")]);
        Assert.Equal(new Figures(1, 30m), model.Totals[Group("country", "France")]);
    }

    [Fact]
    public void An_order_that_has_ended_is_kept_no_longer()
    {
        var model = Given.Fold(
            new Revenue(), Shop.Placed(First, lines: Shop.Line("A", 1, 10m)), Shop.Completed(First));

        Assert.Null(Assert.Single(model.Rows).Row);
    }

    private static Revenue.Group Group(string grouping, string key) => new(Shop.Tenant, grouping, Day, key, "GBP");
}
