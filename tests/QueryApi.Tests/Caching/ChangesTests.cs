using QueryApi.Caching;

namespace QueryApi.Tests.Caching;

public sealed class ChangesTests
{
    private readonly Changes changes = new();
    private readonly int[] lamp = [Changes.Place("product/t/LAMP"), Changes.Place("stock/t/LAMP")];

    [Fact]
    public void An_answer_holds_as_far_as_the_log_is_known_while_nothing_touches_it()
    {
        changes.Begin(100);
        changes.Note("product/t/OTHER", 120);
        changes.Reach(120);

        Assert.Equal(120, changes.HoldsThrough(lamp, 100));
    }

    [Fact]
    public void An_answer_that_something_touched_holds_no_further_than_it_was_read()
    {
        changes.Begin(100);
        changes.Note("stock/t/LAMP", 110);
        changes.Reach(120);

        Assert.Equal(105, changes.HoldsThrough(lamp, 105));
        Assert.Equal(120, changes.HoldsThrough(lamp, 110));
    }

    [Fact]
    public void Of_an_answer_read_before_the_log_was_followed_nothing_is_known()
    {
        changes.Begin(100);
        changes.Reach(120);

        Assert.Equal(99, changes.HoldsThrough(lamp, 99));
    }

    [Fact]
    public void Without_a_log_an_answer_holds_as_far_as_it_was_read() =>
        Assert.Equal(7, changes.HoldsThrough(lamp, 7));

    [Fact]
    public void What_an_answer_is_made_of_covers_every_event_its_projection_takes()
    {
        var kinds = new Dictionary<string, string[]>
        {
            ["product-details"] = Kinds(MadeOf.Product("t", "s")),
            ["order-details"] = Kinds(MadeOf.Order("t", Guid.Empty)),
            ["stock-levels"] = Kinds(MadeOf.Stock("t", "s")),
            ["customer-orders"] = ["order"],
            ["product-search"] = ["product"],
            ["revenue"] = ["order"],
            ["bestsellers"] = ["order"],
        };
        (string Name, IEnumerable<string> Events)[] projections =
        [
            Taken(new Projections.Catalog.ProductDetails()), Taken(new Projections.Ordering.OrderDetails()),
            Taken(new Projections.Inventory.StockLevels()), Taken(new Projections.Ordering.CustomerOrders()),
            Taken(new Projections.Catalog.ProductSearch()), Taken(new Projections.Sales.Revenue()),
            Taken(new Projections.Sales.Bestsellers()),
        ];

        Assert.Equal(kinds.Keys.Order(), projections.Select(projection => projection.Name).Order());
        foreach (var (name, events) in projections)
            Assert.All(events, taken => Assert.Contains(taken.Split('-')[0], kinds[name]));
    }

    private static (string, IEnumerable<string>) Taken<TKey, TRow>(Projections.Engine.Projection<TKey, TRow> projection)
        where TKey : notnull
        where TRow : class =>
        (projection.Name, projection.EventTypes);

    private static string[] Kinds(string[] streams) => [.. streams.Select(stream => stream.Split('/')[0])];
}
