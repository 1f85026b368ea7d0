using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using OrderDetails = Projections.Ordering.OrderDetails;

namespace Projections.Tests.Ordering;

public sealed class OrderDetailsTests
{
    private static readonly Guid Order = Guid.CreateVersion7();

    [Fact]
    public void A_placed_order_shows_lines_total_and_address()
    {
        var line = Shop.Line("71053", 6, 3.39m);
        var row = Given.Row(new OrderDetails(), Shop.Placed(Order, lines: line));

        Assert.Equal(("17850", "placed", 20.34m, "GBP"), (row.CustomerId, row.Status, row.Total, row.Currency));
        Assert.Equal([line], row.Lines);
        Assert.Equal(Shop.Address(), row.Address);
        Assert.Equal(Given.TimeOf(1), row.PlacedAt);
    }

    [Fact]
    public void A_completed_order_shows_every_step_it_took_with_its_time()
    {
        var money = new Money(20.34m, "GBP");
        var row = Given.Row(
            new OrderDetails(),
            Shop.Placed(Order, lines: Shop.Line("71053", 6, 3.39m)),
            new PaymentRequested(Shop.Tenant, Order, money, "tok_ok"),
            new PaymentAuthorized(Shop.Tenant, Order, money, "ref"),
            Shop.Confirmed(Order),
            new ShipmentRequested(Shop.Tenant, Order, Shop.Address()),
            new ShipmentDispatched(Shop.Tenant, Order, "TRACK-1"),
            Shop.Shipped(Order),
            new PaymentCaptured(Shop.Tenant, Order, money),
            Shop.Completed(Order));

        Assert.Equal(("completed", "TRACK-1", null), (row.Status, row.TrackingNumber, row.Reason));
        Assert.Equal(
            [
                "placed", "payment-requested", "payment-authorized", "confirmed", "shipment-requested",
                "shipment-dispatched", "shipped", "payment-captured", "completed",
            ],
            row.History.Select(step => step.Step));
        Assert.Equal(Enumerable.Range(1, 9).Select(Given.TimeOf), row.History.Select(step => step.At));
    }

    [Fact]
    public void A_canceled_order_says_why()
    {
        var row = Given.Row(
            new OrderDetails(),
            Shop.Placed(Order, lines: Shop.Line("71053", 6, 3.39m)),
            new PaymentDeclined(Shop.Tenant, Order, "insufficient funds"),
            Shop.Canceled(Order, "payment declined: insufficient funds"));

        Assert.Equal(("canceled", "payment declined: insufficient funds"), (row.Status, row.Reason));
        Assert.Equal(
            new OrderDetails.HistoryEntry("payment-declined", Given.TimeOf(2), "insufficient funds"), row.History[1]);
    }

    [Fact]
    public void A_requested_cancellation_does_not_end_the_order()
    {
        var row = Given.Row(
            new OrderDetails(),
            Shop.Placed(Order, lines: Shop.Line("71053", 6, 3.39m)),
            new OrderCancellationRequested(Shop.Tenant, Order, "changed my mind"));

        Assert.Equal(("placed", "changed my mind"), (row.Status, row.Reason));
    }
}
