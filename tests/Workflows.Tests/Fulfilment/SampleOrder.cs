using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using Workflows.Fulfilment;

namespace Workflows.Tests.Fulfilment;

/// <summary>An order, the answers its saga may get, and the commands it may send.</summary>
internal static class SampleOrder
{
    public static readonly Guid Id = Guid.Parse("0198a5f0-0000-7000-8000-000000000001");

    public static readonly ShippingAddress Address = new("Ann", "1 High Street", null, "Leeds", "LS1", "GB");

    public static readonly Money Total = new(29.60m, "GBP");

    public static readonly OrderPlaced Placed = new(
        "demo",
        Id,
        "C-1",
        [
            new OrderLine("HAT-1", "Hat", "Clothes", 2, new Money(7.40m, "GBP")),
            new OrderLine("MUG-1", "Mug", "Kitchen", 1, new Money(7.40m, "GBP")),
            new OrderLine("HAT-1", "Hat", "Clothes", 1, new Money(7.40m, "GBP")),
        ],
        Total,
        Address,
        "tok_ok");

    public static readonly StockReservationAnswered Reserved = new("demo", Id, null);
    public static readonly PaymentRequested BankAsked = new("demo", Id, Total, "tok_ok");
    public static readonly PaymentAuthorized Authorized = new("demo", Id, Total, "ref-1");
    public static readonly PaymentDeclined Declined = new("demo", Id, "stolen card");
    public static readonly OrderConfirmationAnswered Confirmed = new("demo", Id, null);
    public static readonly ShipmentRequested CarrierAsked = new("demo", Id, Address);
    public static readonly ShipmentDispatched Dispatched = new("demo", Id, "T-1");
    public static readonly ShipmentRefused Refused = new("demo", Id, "no service");
    public static readonly PaymentCaptured Captured = new("demo", Id, Total);
    public static readonly StockShipmentAnswered BookedOut = new("demo", Id);
    public static readonly OrderCancellationRequested CancellationRequested = new("demo", Id, "too slow");
    public static readonly ShipmentCancelAnswered CalledOff = new("demo", Id, null);
    public static readonly ShipmentCancelAnswered OnItsWay = new("demo", Id, "T-1");
    public static readonly PaymentVoidAnswered MoneyBack = new("demo", Id);
    public static readonly StockReleaseAnswered StockBack = new("demo", Id);

    public static readonly IReadOnlyList<string> Skus = ["HAT-1", "MUG-1"];

    private static readonly (FulfilmentStep Step, ICommerceMessage Answer)[] happyPath =
    [
        (FulfilmentStep.ReservingStock, Placed),
        (FulfilmentStep.AuthorizingPayment, Reserved),
        (FulfilmentStep.ConfirmingOrder, Authorized),
        (FulfilmentStep.AwaitingDispatch, Confirmed),
        (FulfilmentStep.CapturingPayment, Dispatched),
        (FulfilmentStep.ShippingStock, Captured),
    ];

    private static readonly (FulfilmentStep Step, ICommerceMessage Answer)[] undoing =
    [
        (FulfilmentStep.CancelingShipment, CancellationRequested),
        (FulfilmentStep.VoidingPayment, CalledOff),
        (FulfilmentStep.ReleasingStock, MoneyBack),
    ];

    /// <summary>A saga at this step: on the way forward, or undoing a requested shipment for the customer.</summary>
    public static async Task<FulfilmentRun> At(FulfilmentStep step, FulfilmentLimits? limits = null)
    {
        var run = new FulfilmentRun(limits ?? new FulfilmentLimits());
        var forward = happyPath.Any(stage => stage.Step == step);
        var path = forward ? happyPath : [.. happyPath[..4], .. undoing];
        foreach (var (reached, message) in path)
        {
            await run.Take(message);
            if (reached == step)
                break;
        }

        Assert.Equal(step, run.Step);
        return run;
    }
}
