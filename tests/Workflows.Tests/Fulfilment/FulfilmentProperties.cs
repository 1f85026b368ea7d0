using Commerce.Contracts.Payments;
using Commerce.Ordering;
using Commerce.Payments;
using Commerce.Shipping;
using FsCheck.Fluent;

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
            var world = new SimulatedWorld(seed);
            await world.Run();
            Check(world, seed);
            ends.Add(world.Order.Status);
        }

        // Else the runs would have seen too little of the world.
        Assert.Equal([OrderStatus.Completed, OrderStatus.Canceled], ends.Order());
    }

    private static void Check(SimulatedWorld world, int seed)
    {
        var story = $"seed {seed}: {string.Join(", ", world.History.Select(fact => fact.GetType().Name))}";
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

        Assert.True(world.SagaEnded, story);
        Assert.True(completed || world.Order.Status == OrderStatus.Canceled, story);
        Assert.True(world.Hats.Level.Reserved == 0 && world.Mugs.Level.Reserved == 0, story);
        Assert.True(held == 0m, story);
        Assert.True(taken == (completed ? SampleOrder.Total.Amount : 0m), story);
        Assert.True(!completed || dispatched, story);
        Assert.True(world.Payment.Status != PaymentStatus.Authorized, story);
        // Units leave with a completed order, and may with one whose money failed after dispatch.
        var left = world.Hats.Level.OnHand == SimulatedWorld.UnitsAtFirst - 3;
        Assert.True(left || world.Hats.Level.OnHand == SimulatedWorld.UnitsAtFirst, story);
        Assert.True(completed ? left : !left || dispatched, story);
    }
}
