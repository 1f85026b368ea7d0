using Commerce.Contracts;
using Commerce.Contracts.Shipping;
using Commerce.Shipping;
using Commerce.Tests.Ordering;

namespace Commerce.Tests.Shipping;

public class ShipmentSpecs
{
    private static readonly Guid order = Guid.Parse("0198a5f0-0000-7000-8000-000000000001");

    private static readonly ShipmentRequested requested = new("demo", order, Orders.Address);
    private static readonly ShipmentRefused refused = new("demo", order, "no service");
    private static readonly ShipmentCanceled canceled = new("demo", order, "too slow");
    private static readonly ShipmentDispatched dispatched = new("demo", order, "T-1");
    private static readonly ShipmentDelivered delivered = new("demo", order);

    [Fact]
    public void A_shipment_is_requested_once()
    {
        Shipment().When(Request).Then(requested);
        Shipment().Given(requested).When(Request).ThenNothing();
        Shipment().Given(requested, dispatched).When(Request).ThenNothing();
    }

    [Fact]
    public void The_carrier_dispatches_or_refuses_while_its_answer_is_awaited()
    {
        Shipment().Given(requested).When(Dispatch).Then(dispatched);
        Shipment().Given(requested, dispatched).When(Dispatch).ThenNothing();
        Shipment().Given(requested).When(Refuse).Then(refused);
        Shipment().Given(requested, dispatched).When(Refuse).ThenNothing();
        Shipment().When(Refuse).ThenNothing();
    }

    [Fact]
    public void A_dispatch_behind_the_cancellation_is_turned_away()
    {
        Shipment().Given(requested, canceled).When(Dispatch)
            .ThenRejected(Rules.ShipmentNotRequested, order.ToString(), "canceled", "T-1");
        Shipment().When(Dispatch).ThenRejected(Rules.ShipmentNotRequested, "none");
        Shipment().Given(requested, refused).When(Dispatch).ThenRejected(Rules.ShipmentNotRequested, "refused");
    }

    [Fact]
    public void A_shipment_is_canceled_until_it_is_dispatched()
    {
        Shipment().Given(requested).When(Cancel).Then(canceled);
        Shipment().Given(requested, canceled).When(Cancel).ThenNothing();
        Shipment().Given(requested, refused).When(Cancel).ThenNothing();
        Shipment().Given(requested, dispatched).When(Cancel)
            .ThenRejected(Rules.ShipmentAlreadyDispatched, order.ToString(), "T-1");
    }

    [Fact]
    public void A_request_behind_its_cancellation_calls_no_carrier()
    {
        Shipment().When(Cancel).Then(canceled);
        Shipment().Given(canceled).When(Request).ThenNothing();
    }

    [Fact]
    public void A_dispatched_shipment_is_delivered_once()
    {
        Shipment().Given(requested, dispatched).When(Deliver).Then(delivered);
        Shipment().Given(requested, dispatched, delivered).When(Deliver).ThenNothing();
        Shipment().Given(requested).When(Deliver).ThenRejected(Rules.ShipmentNotDispatched, "requested");
    }

    private static Scenario<Shipment> Shipment() =>
        new(Commerce.Shipping.Shipment.Initial, Commerce.Shipping.Shipment.Evolve);

    private static Decision Request(Shipment shipment) =>
        ShipmentDecider.Decide(shipment, new RequestShipment("demo", order, Orders.Address));

    private static Decision Dispatch(Shipment shipment) =>
        ShipmentDecider.Decide(shipment, new DispatchShipment("demo", order, "T-1"));

    private static Decision Refuse(Shipment shipment) =>
        ShipmentDecider.Decide(shipment, new RefuseShipment("demo", order, "no service"));

    private static Decision Cancel(Shipment shipment) =>
        ShipmentDecider.Decide(shipment, new CancelShipment("demo", order, "too slow"));

    private static Decision Deliver(Shipment shipment) =>
        ShipmentDecider.Decide(shipment, new DeliverShipment("demo", order));
}
