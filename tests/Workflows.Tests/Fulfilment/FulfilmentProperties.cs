using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Ordering;
using Commerce.Payments;
using Commerce.Shipping;
using FsCheck.Fluent;
using OrderStatus = Commerce.Ordering.OrderStatus;

namespace Workflows.Tests.Fulfilment;

public class FulfilmentProperties
{
    private const int Runs = 500;

    [Fact]
    public async Task Whatever_happens_in_whatever_order_every_order_ends_with_stock_and_money_settled()
    {
        var ends = new HashSet<OrderStatus>();
        foreach (var seed in Gen.Choose(0, int.MaxValue).Sample(Runs))
        {
            var choices = new Choices(seed);
            var world = new SimulatedWorld(choices);
            await world.Run();
            if (Broken(world).Count > 0)
                Assert.Fail(await Report(seed, choices.Taken));
            ends.Add(world.Order.Status);
        }

        // Else the runs would have seen too little of the world.
        Assert.Equal([OrderStatus.Completed, OrderStatus.Canceled], ends.Order());
    }

    [Fact]
    public async Task A_run_is_repeated_by_its_choices()
    {
        var first = new SimulatedWorld(new Choices(4711));
        await first.Run();
        var choices = new Choices(4711);
        await new SimulatedWorld(choices).Run();

        var again = new SimulatedWorld(new Choices(choices.Taken));
        await again.Run();

        Assert.Equal(first.History, again.History);
    }

    [Fact]
    public async Task A_failing_run_shrinks_to_what_makes_it_fail()
    {
        var choices = await Choices.Shrink(
            [.. Enumerable.Range(0, 100)], list => Task.FromResult(list.Contains(17) && list.Contains(83)));

        Assert.Equal([17, 83], choices);
    }

    /// <summary>The rules that a world which has come to rest breaks.</summary>
    private static List<string> Broken(SimulatedWorld world)
    {
        var held = world.History.Sum(fact => fact switch
        {
            PaymentAuthorized e => e.Amount.Amount,
            PaymentVoided e => -e.Amount.Amount,
            PaymentCaptured e => -e.Amount.Amount,
            _ => 0m,
        });
        var taken = world.History.Sum(fact => fact switch
        {
            PaymentCaptured e => e.Amount.Amount,
            PaymentRefunded e => -e.Amount.Amount,
            _ => 0m,
        });
        var completed = world.Order.Status == OrderStatus.Completed;
        var dispatched = world.Shipment.Status == ShipmentStatus.Dispatched;
        var told = world.History.TakeWhile(fact => fact is not OrderCompleted).OfType<OrderShipped>().Count();
        var left = world.Hats.Level.OnHand == SimulatedWorld.UnitsAtFirst - 3;
        var rules = new (string Rule, bool Holds)[]
        {
            ("the saga has ended", world.SagaEnded),
            ("the order is completed or canceled", completed || world.Order.Status == OrderStatus.Canceled),
            ("it ends once", world.History.Count(fact => fact is OrderCompleted or OrderCanceled) == 1),
            ("no unit stays reserved", world.Hats.Level.Reserved == 0 && world.Mugs.Level.Reserved == 0),
            ("no money stays held", held == 0m && world.Payment.Status != PaymentStatus.Authorized),
            ("a completed order is paid in full, a canceled one costs nothing",
                taken == (completed ? SampleOrder.Total.Amount : 0m)),
            ("what is completed was dispatched", !completed || dispatched),
            ("a completed order was told of it, once", !completed || told == 1),
            ("nobody waits for a parcel of a canceled order",
                completed || world.Shipment.Status != ShipmentStatus.Requested),
            ("units leave whole or not at all", left || world.Hats.Level.OnHand == SimulatedWorld.UnitsAtFirst),
            // Units leave with a completed order, and may with one whose money failed after dispatch.
            ("units leave only with a parcel", completed ? left : !left || dispatched),
        };
        return [.. rules.Where(rule => !rule.Holds).Select(rule => rule.Rule)];
    }

    /// <summary>The shortest run found that breaks a rule, with the choices that repeat it.</summary>
    private static async Task<string> Report(int seed, IReadOnlyList<int> failing)
    {
        var shortest = await Choices.Shrink(failing, async list => Broken(await Ran(list)).Count > 0);
        var world = await Ran(shortest);
        return $"""
            Seed {seed} breaks a rule: {string.Join("; ", Broken(world))}.
            new SimulatedWorld(new Choices([{string.Join(", ", shortest)}])) repeats it:
            {string.Join(Environment.NewLine, world.History)}
            """;
    }

    private static async Task<SimulatedWorld> Ran(IReadOnlyList<int> choices)
    {
        var world = new SimulatedWorld(new Choices(choices));
        await world.Run();
        return world;
    }
}
