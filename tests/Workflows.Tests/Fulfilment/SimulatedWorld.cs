using Commerce;
using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using Commerce.Inventory;
using Commerce.Ordering;
using Commerce.Payments;
using Commerce.Shipping;
using Workflows.Fulfilment;

namespace Workflows.Tests.Fulfilment;

/// <summary>
/// Everything around one saga, without a broker: messages wait in a bag and are delivered in any order, some twice;
/// the gateway and the carrier answer as they like or not at all; time passes or not. The deciders are the real ones.
/// </summary>
internal sealed class SimulatedWorld(Choices chance)
{
    public const int UnitsAtFirst = 5;

    private readonly FulfilmentRun saga = new(new FulfilmentLimits());
    private readonly List<ICommerceMessage> underWay = [];
    private bool moneyCanNotBeTaken;

    public Order Order { get; private set; } = Order.Evolve(Order.Initial, SampleOrder.Placed);

    public StockItem Hats { get; private set; } = StockItem.Evolve(
        StockItem.Initial, new StockReceived("demo", "HAT-1", UnitsAtFirst, null, new StockLevel(UnitsAtFirst, 0)));

    public StockItem Mugs { get; private set; } = StockItem.Evolve(
        StockItem.Initial, new StockReceived("demo", "MUG-1", UnitsAtFirst, null, new StockLevel(UnitsAtFirst, 0)));

    public Reservation Reservation { get; private set; } = Reservation.Initial;

    public Payment Payment { get; private set; } = Payment.Initial;

    public Shipment Shipment { get; private set; } = Shipment.Initial;

    public List<ICommerceEvent> History { get; } = [SampleOrder.Placed];

    public bool SagaEnded => saga.Ended;

    public async Task Run()
    {
        moneyCanNotBeTaken = chance.Of(7) == 0;
        if (chance.Of(8) == 0)
            Append([new StockAdjusted("demo", "MUG-1", -UnitsAtFirst, "broken", new StockLevel(0, 0))]);
        underWay.Add(SampleOrder.Placed);
        if (chance.Of(2) == 0)
            underWay.Add(new RequestOrderCancellation("demo", SampleOrder.Id, "too slow"));

        // Ends surely: every step has finitely many attempts, and time passes whenever nothing is under way.
        while (underWay.Count > 0 || !saga.Ended)
        {
            if (underWay.Count == 0 || chance.Of(12) == 0)
                underWay.AddRange(await saga.Wait(TimeSpan.FromSeconds(1 + chance.Of(400))));
            else
                await Deliver(TakeAny());
        }
    }

    private ICommerceMessage TakeAny()
    {
        var index = chance.Of(underWay.Count);
        var message = underWay[index];
        if (chance.Of(8) != 0) // else it stays and is delivered again
            underWay.RemoveAt(index);
        return message;
    }

    private async Task Deliver(ICommerceMessage message)
    {
        if (message is ICommerceCommand command)
        {
            Decide(command);
            return;
        }

        if (message is PaymentRequested)
            AskGateway();
        else if (message is ShipmentRequested)
            CallCarrier();
        underWay.AddRange(await saga.Take(message));
    }

    private void AskGateway()
    {
        // Approves, declines, or never answers.
        switch (chance.Of(4))
        {
            case 0:
                underWay.Add(new DeclinePayment("demo", SampleOrder.Id, "stolen card"));
                break;
            case 1 or 2:
                underWay.Add(new RecordAuthorization("demo", SampleOrder.Id, "ref-1"));
                break;
        }
    }

    private void CallCarrier()
    {
        switch (chance.Of(4))
        {
            case 0:
                underWay.Add(new RefuseShipment("demo", SampleOrder.Id, "no service"));
                break;
            case 1 or 2:
                underWay.Add(new DispatchShipment("demo", SampleOrder.Id, "T-1"));
                break;
        }
    }

    private void Decide(ICommerceCommand command)
    {
        var items = new Dictionary<string, StockItem> { ["HAT-1"] = Hats, ["MUG-1"] = Mugs };
        var id = SampleOrder.Id;
        (Decision Decision, ICommerceMessage? Reply) outcome = command switch
        {
            ReserveStock c => WithRefusal(
                StockDecider.Decide(Reservation, items, c),
                refusal => new StockReservationAnswered("demo", id, refusal)),
            ReleaseStock c => (StockDecider.Decide(Reservation, items, c), new StockReleaseAnswered("demo", id)),
            ShipStock c => (StockDecider.Decide(items, c), new StockShipmentAnswered("demo", id)),
            ConfirmOrder c => WithRefusal(
                OrderDecider.Decide(Order, c), refusal => new OrderConfirmationAnswered("demo", id, refusal)),
            RequestOrderCancellation c => (OrderDecider.Decide(Order, c), null),
            ShipOrder c => (OrderDecider.Decide(Order, c), null),
            CompleteOrder c => (OrderDecider.Decide(Order, c), null),
            CancelOrder c => (OrderDecider.Decide(Order, c), null),
            AuthorizePayment c => (PaymentDecider.Decide(Payment, c), null),
            RecordAuthorization c => (PaymentDecider.Decide(Payment, c), null),
            DeclinePayment c => (PaymentDecider.Decide(Payment, c), null),
            // Now and then the gateway cannot take the money, for as long as it is asked.
            CapturePayment when moneyCanNotBeTaken => (Decision.Nothing, null),
            CapturePayment c => (PaymentDecider.Decide(Payment, c), null),
            VoidPayment c => (PaymentDecider.Decide(Payment, c), new PaymentVoidAnswered("demo", id)),
            RequestShipment c => (ShipmentDecider.Decide(Shipment, c), null),
            RefuseShipment c => (ShipmentDecider.Decide(Shipment, c), null),
            DispatchShipment c => (ShipmentDecider.Decide(Shipment, c), null),
            CancelShipment c => (
                ShipmentDecider.Decide(Shipment, c), new ShipmentCancelAnswered("demo", id, Shipment.TrackingNumber)),
            _ => throw new ArgumentException($"Nobody handles {command}.", nameof(command)),
        };
        if (outcome.Decision is Accepted accepted)
            Append(accepted.Events);
        if (outcome.Reply is not null)
            underWay.Add(outcome.Reply);
    }

    private static (Decision, ICommerceMessage?) WithRefusal(
        Decision decision, Func<string?, ICommerceMessage> reply) =>
        (decision, reply((decision as Rejected)?.Message));

    private void Append(IReadOnlyList<ICommerceEvent> events)
    {
        foreach (var fact in events)
        {
            History.Add(fact);
            Order = Order.Evolve(Order, fact);
            Reservation = Reservation.Evolve(Reservation, fact);
            Payment = Payment.Evolve(Payment, fact);
            Shipment = Shipment.Evolve(Shipment, fact);
            Hats = CommerceStreams.Of(fact) == "stock/demo/HAT-1" ? StockItem.Evolve(Hats, fact) : Hats;
            Mugs = CommerceStreams.Of(fact) == "stock/demo/MUG-1" ? StockItem.Evolve(Mugs, fact) : Mugs;
            if (fact is PaymentRequested or ShipmentRequested or PaymentAuthorized or PaymentDeclined
                or PaymentCaptured or ShipmentDispatched or ShipmentRefused or OrderCancellationRequested)
                underWay.Add(fact);
        }
    }
}
