using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using FsCheck;
using FsCheck.Fluent;

namespace Commerce.Tests.Inventory;

public class StockProperties
{
    private static readonly string[] skus = ["MUG-1", "HAT-1"];
    private static readonly Guid[] orders = [.. Enumerable.Range(1, 4).Select(_ => Guid.NewGuid())];

    [Fact]
    public void Stock_is_never_negative_and_never_promised_twice() =>
        Prop.ForAll(Commands(), commands => Run(commands).All(step => step.Warehouse.Items.Values.All(item =>
                item.Level.Reserved >= 0
                && item.Level.Reserved <= item.Level.OnHand
                && item.Level.Reserved == item.Reservations.Values.Sum()
                && item.Reservations.Values.All(quantity => quantity > 0))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Units_on_hand_are_those_received_and_adjusted_less_those_shipped() =>
        Prop.ForAll(Commands(), commands =>
        {
            var steps = Run(commands);
            var booked = steps.SelectMany(step => step.Events).Sum(fact => fact switch
            {
                StockReceived e => e.Quantity,
                StockAdjusted e => e.Quantity,
                StockShipped e => -e.Quantity,
                _ => 0,
            });
            return booked == (steps.Count == 0 ? 0 : steps[^1].Warehouse.Items.Values.Sum(item => item.Level.OnHand));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Once_every_order_is_released_nothing_is_reserved_nor_can_be() =>
        Prop.ForAll(Commands(), commands =>
        {
            var releases = orders.Select(order => (ICommerceCommand)new ReleaseStock("demo", order, skus));
            var late = orders.Select(order => (ICommerceCommand)Reserve(order, 1, 1));
            var last = Run([.. commands, .. releases, .. late])[^1].Warehouse;
            return last.Items.Values.All(item => item.Level.Reserved == 0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reserving_releasing_and_shipping_again_at_once_changes_nothing() =>
        Prop.ForAll(Commands(), commands => Run([.. commands.SelectMany(command => new[] { command, command })])
                .Chunk(2)
                .All(twice => twice[1].Command is ReceiveStock or AdjustStock || twice[1].Events.Count == 0))
            .QuickCheckThrowOnFailure();

    private static List<Step> Run(IEnumerable<ICommerceCommand> commands)
    {
        var steps = new List<Step>();
        var warehouse = Warehouse.Empty;
        foreach (var command in commands)
        {
            var events = warehouse.Decide(command) is Accepted accepted ? accepted.Events : [];
            warehouse = events.Aggregate(warehouse, Warehouse.Evolve);
            steps.Add(new Step(command, events, warehouse));
        }

        return steps;
    }

    private static Arbitrary<List<ICommerceCommand>> Commands()
    {
        var receive = from sku in Gen.Elements(skus)
                      from quantity in Gen.Choose(-1, 30)
                      select (ICommerceCommand)new ReceiveStock("demo", sku, quantity, null);
        var adjust = from sku in Gen.Elements(skus)
                     from quantity in Gen.Choose(-30, 30)
                     select (ICommerceCommand)new AdjustStock("demo", sku, quantity, "count");
        var reserve = from order in Gen.Elements(orders)
                      from mugs in Gen.Choose(0, 20)
                      from hats in Gen.Choose(1, 20)
                      select (ICommerceCommand)Reserve(order, mugs, hats);
        var release = from order in Gen.Elements(orders)
                      from count in Gen.Choose(0, 2)
                      select (ICommerceCommand)new ReleaseStock("demo", order, skus[..count]);
        var ship = from order in Gen.Elements(orders)
                   from count in Gen.Choose(0, 2)
                   select (ICommerceCommand)new ShipStock("demo", order, skus[..count]);
        return Gen.OneOf(receive, receive, adjust, reserve, reserve, release, ship)
            .ListOf()
            .Select(commands => commands.ToList())
            .ToArbitrary();
    }

    private static ReserveStock Reserve(Guid order, int mugs, int hats) =>
        new("demo", order, [new StockLine("MUG-1", mugs), new StockLine("HAT-1", hats)]);

    private sealed record Step(ICommerceCommand Command, IReadOnlyList<ICommerceEvent> Events, Warehouse Warehouse);
}
