using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using Workflows.Fulfilment;
using static Workflows.Tests.Fulfilment.SampleOrder;

namespace Workflows.Tests.Fulfilment;

public class FulfilmentSpecs
{
    [Fact]
    public async Task An_order_goes_from_placed_to_completed()
    {
        var run = new FulfilmentRun(new FulfilmentLimits());

        Sent(await run.Take(Placed), new ReserveStock(
            "demo", Id, [new StockLine("HAT-1", 2), new StockLine("MUG-1", 1), new StockLine("HAT-1", 1)]));
        Sent(await run.Take(Reserved), new AuthorizePayment("demo", Id, Total, "tok_ok"));
        Sent(await run.Take(Authorized), new ConfirmOrder("demo", Id));
        Sent(await run.Take(Confirmed), new RequestShipment("demo", Id, Address, "C-1"));
        Sent(await run.Take(Dispatched), new ShipOrder("demo", Id, "T-1"), new CapturePayment("demo", Id));
        Sent(await run.Take(Captured), new ShipStock("demo", Id, Skus));
        Sent(await run.Take(BookedOut), new CompleteOrder("demo", Id, "T-1"));
        Assert.True(run.Ended);
    }

    [Fact]
    public async Task Short_stock_cancels_the_order_at_once()
    {
        var run = await At(FulfilmentStep.ReservingStock);

        Sent(
            await run.Take(new StockReservationAnswered("demo", Id, "Not enough stock of HAT-1.")),
            new CancelOrder("demo", Id, "Not enough stock of HAT-1."));
        Assert.True(run.Ended);
    }

    [Fact]
    public async Task A_declined_payment_gives_the_stock_back()
    {
        const string reason = "The payment was declined: stolen card";
        var run = await At(FulfilmentStep.AuthorizingPayment);

        Sent(await run.Take(Declined), new ReleaseStock("demo", Id, Skus));
        Sent(await run.Take(StockBack), new CancelOrder("demo", Id, reason));
        Assert.True(run.Ended);
    }

    [Fact]
    public async Task A_confirmation_that_finds_a_cancellation_undoes_payment_and_stock()
    {
        var run = await At(FulfilmentStep.ConfirmingOrder);

        Sent(
            await run.Take(new OrderConfirmationAnswered("demo", Id, "the customer asked to cancel it")),
            new VoidPayment("demo", Id, "the customer asked to cancel it"));
        Sent(await run.Take(MoneyBack), new ReleaseStock("demo", Id, Skus));
        Sent(await run.Take(StockBack), new CancelOrder("demo", Id, "the customer asked to cancel it"));
    }

    [Fact]
    public async Task A_refused_shipment_undoes_payment_and_stock()
    {
        const string reason = "The shipment was refused: no service";
        var run = await At(FulfilmentStep.AwaitingDispatch);

        Sent(await run.Take(Refused), new VoidPayment("demo", Id, reason));
        Sent(await run.Take(MoneyBack), new ReleaseStock("demo", Id, Skus));
        Sent(await run.Take(StockBack), new CancelOrder("demo", Id, reason));
        Assert.True(run.Ended);
    }

    [Theory]
    [InlineData(FulfilmentStep.ReservingStock, typeof(ReleaseStock))]
    [InlineData(FulfilmentStep.AuthorizingPayment, typeof(VoidPayment), typeof(ReleaseStock))]
    [InlineData(FulfilmentStep.ConfirmingOrder, typeof(VoidPayment), typeof(ReleaseStock))]
    [InlineData(
        FulfilmentStep.AwaitingDispatch, typeof(CancelShipment), typeof(VoidPayment), typeof(ReleaseStock))]
    public async Task A_cancellation_undoes_in_reverse_what_may_have_been_done(
        FulfilmentStep step, params Type[] undone)
    {
        var run = await At(step);

        var sent = await Answer(run, await run.Take(CancellationRequested));

        Assert.Equal([.. undone, typeof(CancelOrder)], sent.Select(command => command.GetType()));
        Assert.Equal("Canceled by the customer: too slow", Assert.IsType<CancelOrder>(sent[^1]).Reason);
        Assert.True(run.Ended);
    }

    [Theory]
    [InlineData(FulfilmentStep.CapturingPayment)]
    [InlineData(FulfilmentStep.ShippingStock)]
    [InlineData(FulfilmentStep.VoidingPayment)]
    public async Task A_cancellation_after_dispatch_or_while_undoing_changes_nothing(FulfilmentStep step)
    {
        var run = await At(step);

        Sent(await run.Take(CancellationRequested));
        Assert.Equal(step, run.Step);
    }

    [Fact]
    public async Task A_parcel_that_left_before_its_cancellation_is_carried_through()
    {
        var answered = await At(FulfilmentStep.CancelingShipment);
        var told = await At(FulfilmentStep.CancelingShipment);

        Sent(await answered.Take(OnItsWay), new ShipOrder("demo", Id, "T-1"), new CapturePayment("demo", Id));
        Sent(await told.Take(Dispatched), new ShipOrder("demo", Id, "T-1"), new CapturePayment("demo", Id));
        Sent(await told.Take(OnItsWay));
        Sent(await told.Take(Captured), new ShipStock("demo", Id, Skus));
        Sent(await told.Take(BookedOut), new CompleteOrder("demo", Id, "T-1"));
    }

    [Fact]
    public async Task A_dispatch_heard_of_while_the_payment_is_voided_books_the_units_out()
    {
        var run = await At(FulfilmentStep.VoidingPayment);

        Sent(await run.Take(Dispatched));
        Sent(await run.Take(MoneyBack), new ShipStock("demo", Id, Skus));
        Sent(await run.Take(BookedOut), new CancelOrder("demo", Id, "Canceled by the customer: too slow"));
    }

    [Theory]
    [InlineData(FulfilmentStep.ReservingStock)]
    [InlineData(FulfilmentStep.AuthorizingPayment)]
    [InlineData(FulfilmentStep.ConfirmingOrder)]
    [InlineData(FulfilmentStep.AwaitingDispatch)]
    [InlineData(FulfilmentStep.CapturingPayment)]
    [InlineData(FulfilmentStep.ShippingStock)]
    [InlineData(FulfilmentStep.CancelingShipment)]
    [InlineData(FulfilmentStep.VoidingPayment)]
    [InlineData(FulfilmentStep.ReleasingStock)]
    public async Task An_answer_counts_only_in_the_step_that_waits_for_it(FulfilmentStep step)
    {
        foreach (var message in Answers().Where(answer => !ExpectedIn(step).Contains(answer.GetType())))
        {
            var run = await At(step);
            Sent(await run.Take(message));
            Assert.Equal(step, run.Step);
            Assert.False(run.Ended);
        }
    }

    /// <summary>Runs a saga to its end, answering every command as if all went well.</summary>
    private static async Task<IReadOnlyList<ICommerceCommand>> Answer(
        FulfilmentRun run, IReadOnlyList<ICommerceCommand> commands)
    {
        var sent = new List<ICommerceCommand>(commands);
        while (!run.Ended)
        {
            ICommerceMessage answer = sent[^1] switch
            {
                CancelShipment => CalledOff,
                VoidPayment => MoneyBack,
                ReleaseStock => StockBack,
                _ => throw new InvalidOperationException($"{sent[^1]} needs no answer here."),
            };
            sent.AddRange(await run.Take(answer));
        }

        return sent;
    }

    private static ICommerceMessage[] Answers() =>
    [
        Placed, Reserved, Authorized, Declined, Confirmed, Dispatched, Refused, Captured, BookedOut, CalledOff,
        MoneyBack, StockBack,
    ];

    private static Type[] ExpectedIn(FulfilmentStep step) => step switch
    {
        FulfilmentStep.ReservingStock => [typeof(StockReservationAnswered)],
        FulfilmentStep.AuthorizingPayment => [typeof(PaymentAuthorized), typeof(PaymentDeclined)],
        FulfilmentStep.ConfirmingOrder => [typeof(OrderConfirmationAnswered)],
        FulfilmentStep.AwaitingDispatch => [typeof(ShipmentDispatched), typeof(ShipmentRefused)],
        FulfilmentStep.CapturingPayment => [typeof(PaymentCaptured)],
        FulfilmentStep.ShippingStock => [typeof(StockShipmentAnswered)],
        FulfilmentStep.CancelingShipment => [typeof(ShipmentCancelAnswered), typeof(ShipmentDispatched)],
        FulfilmentStep.VoidingPayment => [typeof(PaymentVoidAnswered)],
        FulfilmentStep.ReleasingStock => [typeof(StockReleaseAnswered)],
        _ => [],
    };

    private static void Sent(IReadOnlyList<ICommerceCommand> actual, params ICommerceCommand[] expected) =>
        Assert.Equivalent(expected, actual, strict: true);
}
