using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Commerce.Ordering;
using FsCheck;
using FsCheck.Fluent;

namespace Commerce.Tests.Ordering;

public class OrderProperties
{
    private static readonly Dictionary<string, ProductFacts> catalog = new()
    {
        ["HAT-1"] = new ProductFacts("Hat", "Clothes", new Money(7.40m, "GBP"), Discontinued: false),
    };

    [Fact]
    public void A_final_state_is_final_in_any_order_of_commands() =>
        Prop.ForAll(Commands(), commands =>
        {
            var events = Run(commands);
            var end = events.FindIndex(fact => fact is OrderCompleted or OrderCanceled);
            return end < 0 || end == events.Count - 1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_happens_to_an_order_twice() =>
        Prop.ForAll(Commands(), commands =>
            {
                var events = Run(commands);
                return events.Count == events.Select(fact => fact.GetType()).Distinct().Count();
            })
            .QuickCheckThrowOnFailure();

    private static List<ICommerceEvent> Run(IEnumerable<ICommerceCommand> commands)
    {
        var events = new List<ICommerceEvent>();
        var order = Order.Initial;
        foreach (var command in commands)
        {
            var decision = command switch
            {
                PlaceOrder place => OrderDecider.Decide(order, place, catalog),
                ConfirmOrder confirm => OrderDecider.Decide(order, confirm),
                RequestOrderCancellation request => OrderDecider.Decide(order, request),
                ShipOrder ship => OrderDecider.Decide(order, ship),
                CompleteOrder complete => OrderDecider.Decide(order, complete),
                CancelOrder cancel => OrderDecider.Decide(order, cancel),
                _ => throw new ArgumentException($"{command} is no command of ordering."),
            };
            if (decision is not Accepted accepted)
                continue;
            order = accepted.Events.Aggregate(order, Order.Evolve);
            events.AddRange(accepted.Events);
        }

        return events;
    }

    private static Arbitrary<List<ICommerceCommand>> Commands() =>
        Gen.Elements<ICommerceCommand>(
                new PlaceOrder(
                    "demo", Orders.Id, "C-1", [new RequestedLine("HAT-1", 2, null)], Orders.Address, "tok_ok"),
                new ConfirmOrder("demo", Orders.Id),
                new RequestOrderCancellation("demo", Orders.Id, "too slow"),
                new ShipOrder("demo", Orders.Id, "T-1"),
                new CompleteOrder("demo", Orders.Id),
                new CancelOrder("demo", Orders.Id, "no stock"))
            .ListOf()
            .Select(commands => commands.ToList())
            .ToArbitrary();
}
