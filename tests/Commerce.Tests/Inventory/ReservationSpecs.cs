using Commerce.Contracts;
using Commerce.Contracts.Inventory;

namespace Commerce.Tests.Inventory;

public class ReservationSpecs
{
    private static readonly Guid order = Guid.Parse("0198a5f0-0000-7000-8000-000000000001");

    private static readonly StockReceived mugs = new("demo", "MUG-1", 100, null, new StockLevel(100, 0));
    private static readonly StockReceived hats = new("demo", "HAT-1", 15, null, new StockLevel(15, 0));

    private static readonly ReservationMade made =
        new("demo", order, [new StockLine("MUG-1", 30), new StockLine("HAT-1", 2)]);

    private static readonly StockReserved mugsReserved = new("demo", "MUG-1", order, 30, new StockLevel(100, 30));
    private static readonly StockReserved hatsReserved = new("demo", "HAT-1", order, 2, new StockLevel(15, 2));

    [Fact]
    public void Every_line_is_reserved() =>
        Warehouse().Given(mugs, hats)
            .When(warehouse => warehouse.Decide(Reserve(("MUG-1", 30), ("HAT-1", 2))))
            .Then(made, mugsReserved, hatsReserved);

    [Fact]
    public void One_line_short_and_nothing_is_reserved() =>
        Warehouse().Given(mugs, hats)
            .When(warehouse => warehouse.Decide(Reserve(("MUG-1", 30), ("HAT-1", 16))))
            .ThenRejected(Rules.InsufficientStock, "HAT-1", "16 wanted", "15 available");

    [Fact]
    public void Lines_of_one_sku_count_together()
    {
        Warehouse().Given(mugs)
            .When(warehouse => warehouse.Decide(Reserve(("MUG-1", 60), ("MUG-1", 41))))
            .ThenRejected(Rules.InsufficientStock, "101 wanted", "100 available");
        Warehouse().Given(mugs)
            .When(warehouse => warehouse.Decide(Reserve(("MUG-1", 10), ("MUG-1", 20))))
            .Then(
                new ReservationMade("demo", order, [new StockLine("MUG-1", 10), new StockLine("MUG-1", 20)]),
                mugsReserved);
    }

    [Fact]
    public void A_sku_without_stock_is_not_reserved() =>
        Warehouse()
            .When(warehouse => warehouse.Decide(Reserve(("CAP-1", 1))))
            .ThenRejected(Rules.InsufficientStock, "CAP-1", "0 available");

    [Fact]
    public void Reserving_down_to_the_threshold_tells_that_stock_runs_low() =>
        Warehouse().Given(hats)
            .When(warehouse => warehouse.Decide(Reserve(("HAT-1", 5))))
            .Then(
                new ReservationMade("demo", order, [new StockLine("HAT-1", 5)]),
                new StockReserved("demo", "HAT-1", order, 5, new StockLevel(15, 5)),
                new StockRanLow("demo", "HAT-1", 10, 10));

    [Fact]
    public void Reserving_twice_promises_nothing_twice() =>
        Warehouse().Given(mugs, hats, made, mugsReserved, hatsReserved)
            .When(warehouse => warehouse.Decide(Reserve(("MUG-1", 30), ("HAT-1", 2))))
            .ThenNothing();

    [Fact]
    public void A_release_gives_back_every_line_and_closes_the_reservation() =>
        Warehouse().Given(mugs, hats, made, mugsReserved, hatsReserved)
            .When(warehouse => warehouse.Decide(new ReleaseStock("demo", order, ["MUG-1", "HAT-1"])))
            .Then(
                new ReservationClosed("demo", order),
                new StockReleased("demo", "MUG-1", order, 30, new StockLevel(100, 0)),
                new StockReleased("demo", "HAT-1", order, 2, new StockLevel(15, 0)));

    [Fact]
    public void A_release_runs_twice() =>
        Warehouse()
            .Given(mugs, made, mugsReserved, new ReservationClosed("demo", order))
            .Given(new StockReleased("demo", "MUG-1", order, 30, new StockLevel(100, 0)))
            .When(warehouse => warehouse.Decide(new ReleaseStock("demo", order, ["MUG-1", "HAT-1"])))
            .ThenNothing();

    [Fact]
    public void A_reservation_that_arrives_behind_its_release_is_refused()
    {
        Warehouse().Given(mugs)
            .When(warehouse => warehouse.Decide(new ReleaseStock("demo", order, ["MUG-1"])))
            .Then(new ReservationClosed("demo", order));
        Warehouse().Given(mugs, new ReservationClosed("demo", order))
            .When(warehouse => warehouse.Decide(Reserve(("MUG-1", 1))))
            .ThenRejected(Rules.ReservationClosed, order.ToString());
    }

    [Fact]
    public void Shipping_books_the_reserved_units_out() =>
        Warehouse().Given(mugs, made, mugsReserved)
            .When(warehouse => warehouse.Decide(new ShipStock("demo", order, ["MUG-1"])))
            .Then(new StockShipped("demo", "MUG-1", order, 30, new StockLevel(70, 0)));

    [Fact]
    public void Shipping_runs_twice_and_leaves_nothing_to_release()
    {
        var shipped = new StockShipped("demo", "MUG-1", order, 30, new StockLevel(70, 0));

        Warehouse().Given(mugs, made, mugsReserved, shipped)
            .When(warehouse => warehouse.Decide(new ShipStock("demo", order, ["MUG-1", "MUG-1"])))
            .ThenNothing();
        Warehouse().Given(mugs, made, mugsReserved, shipped)
            .When(warehouse => warehouse.Decide(new ReleaseStock("demo", order, ["MUG-1"])))
            .Then(new ReservationClosed("demo", order));
    }

    private static Scenario<Warehouse> Warehouse() => new(Inventory.Warehouse.Empty, Inventory.Warehouse.Evolve);

    private static ReserveStock Reserve(params (string Sku, int Quantity)[] lines) =>
        new("demo", order, [.. lines.Select(line => new StockLine(line.Sku, line.Quantity))]);
}
