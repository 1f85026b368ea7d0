using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using Workflows.Fulfilment;
using static Workflows.Tests.Fulfilment.SampleOrder;

namespace Workflows.Tests.Fulfilment;

public class TimeoutSpecs
{
    [Theory]
    [InlineData(FulfilmentStep.ReservingStock, typeof(ReleaseStock))]
    [InlineData(FulfilmentStep.AuthorizingPayment, typeof(VoidPayment))]
    [InlineData(FulfilmentStep.ConfirmingOrder, typeof(VoidPayment))]
    [InlineData(FulfilmentStep.AwaitingDispatch, typeof(CancelShipment))]
    public async Task A_step_on_the_way_forward_that_is_stuck_is_undone(FulfilmentStep step, Type undone)
    {
        var run = await At(step);

        Assert.Empty(await run.Wait(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1)));
        var sent = await run.Wait(TimeSpan.FromSeconds(1));

        Assert.Equal(undone, Assert.Single(sent).GetType());
    }

    [Fact]
    public async Task The_bank_has_forty_seconds_from_when_it_is_asked()
    {
        var run = await At(FulfilmentStep.AuthorizingPayment);
        Assert.Empty(await run.Wait(TimeSpan.FromMinutes(5))); // still queueing

        await run.Take(BankAsked);

        Assert.Empty(await run.Wait(TimeSpan.FromSeconds(39)));
        Assert.Equal(
            "The payment was not authorized within 40 s.",
            Assert.IsType<VoidPayment>(Assert.Single(await run.Wait(TimeSpan.FromSeconds(1)))).Reason);
    }

    [Fact]
    public async Task The_carrier_has_two_minutes_from_when_it_is_asked()
    {
        var run = await At(FulfilmentStep.AwaitingDispatch);
        Assert.Empty(await run.Wait(TimeSpan.FromMinutes(5)));

        await run.Take(CarrierAsked);

        Assert.Empty(await run.Wait(TimeSpan.FromSeconds(119)));
        Assert.Equal(
            "The shipment was not dispatched within 120 s.",
            Assert.IsType<CancelShipment>(Assert.Single(await run.Wait(TimeSpan.FromSeconds(1)))).Reason);
    }

    [Fact]
    public async Task A_capture_is_tried_three_times_and_then_the_money_given_back_and_the_units_booked_out()
    {
        var run = await At(FulfilmentStep.CapturingPayment);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            Assert.Equal(
                [typeof(ShipOrder), typeof(CapturePayment)],
                (await run.Wait(TimeSpan.FromMinutes(10))).Select(command => command.GetType()));
        }

        Assert.IsType<VoidPayment>(Assert.Single(await run.Wait(TimeSpan.FromMinutes(10))));
        Assert.IsType<ShipStock>(Assert.Single(await run.Take(MoneyBack)));
        Assert.Equal(
            "The payment was not captured within 3 times 600 s.",
            Assert.IsType<CancelOrder>(Assert.Single(await run.Take(BookedOut))).Reason);
    }

    [Theory]
    [InlineData(FulfilmentStep.CancelingShipment)]
    [InlineData(FulfilmentStep.VoidingPayment)]
    [InlineData(FulfilmentStep.ReleasingStock)]
    [InlineData(FulfilmentStep.ShippingStock)]
    public async Task An_order_ends_even_if_nothing_is_ever_answered_again(FulfilmentStep step)
    {
        var run = await At(step);

        for (var waits = 0; waits < 20 && !run.Ended; waits++)
            await run.Wait(TimeSpan.FromMinutes(10));

        Assert.True(run.Ended);
    }

    [Fact]
    public async Task A_timeout_of_a_step_that_is_over_changes_nothing()
    {
        var run = await At(FulfilmentStep.ReservingStock);
        await run.Wait(TimeSpan.FromMinutes(5));
        await run.Take(Reserved);
        await run.Wait(TimeSpan.FromMinutes(2));
        await run.Take(Authorized);

        // The stock's timeout comes due here.
        Assert.Empty(await run.Wait(TimeSpan.FromMinutes(4)));
        Assert.Equal(FulfilmentStep.ConfirmingOrder, run.Step);
    }

    [Fact]
    public async Task An_order_that_is_answered_in_time_asks_for_one_timeout()
    {
        var run = new FulfilmentRun(new FulfilmentLimits());

        foreach (var message in (ICommerceMessage[])
        [
            Placed, Reserved, BankAsked, Authorized, Confirmed, CarrierAsked, Dispatched, Captured, BookedOut,
        ])
        {
            await run.Take(message);
        }

        Assert.True(run.Ended);
        Assert.Equal(1, run.Timeouts);
    }

    [Fact]
    public async Task The_limits_are_configurable()
    {
        var run = await At(
            FulfilmentStep.AuthorizingPayment, new FulfilmentLimits { Payment = TimeSpan.FromSeconds(2) });
        await run.Take(BankAsked);

        Assert.IsType<VoidPayment>(Assert.Single(await run.Wait(TimeSpan.FromSeconds(2))));
    }
}
