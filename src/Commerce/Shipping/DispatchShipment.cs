using Commerce.Contracts;
using Commerce.Contracts.Shipping;

namespace Commerce.Shipping;

public static partial class ShipmentDecider
{
    /// <summary>
    /// The shipment's stream decides between carrier and cancellation: whichever is recorded first wins.
    /// </summary>
    public static Decision Decide(Shipment shipment, DispatchShipment command) => shipment.Status switch
    {
        ShipmentStatus.Requested => Decision.Accept(
            new ShipmentDispatched(command.Tenant, command.OrderId, command.TrackingNumber)),
        ShipmentStatus.Dispatched or ShipmentStatus.Delivered => Decision.Nothing,
        _ => Decision.Reject(
            Rules.ShipmentNotRequested,
            $"The shipment of order {command.OrderId} is not awaiting dispatch "
            + $"({shipment.Status.ToString().ToLowerInvariant()}). Keep parcel {command.TrackingNumber} back."),
    };
}
