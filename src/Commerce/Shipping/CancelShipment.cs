using Commerce.Contracts;
using Commerce.Contracts.Shipping;

namespace Commerce.Shipping;

public static partial class ShipmentDecider
{
    /// <summary>
    /// A shipment not asked for yet is closed as well, so that a request arriving behind calls no carrier.
    /// </summary>
    public static Decision Decide(Shipment shipment, CancelShipment command) => shipment.Status switch
    {
        ShipmentStatus.None or ShipmentStatus.Requested => Decision.Accept(
            new ShipmentCanceled(command.Tenant, command.OrderId, command.Reason)),
        ShipmentStatus.Dispatched or ShipmentStatus.Delivered => Decision.Reject(
            Rules.ShipmentAlreadyDispatched,
            $"The shipment of order {command.OrderId} is on its way as {shipment.TrackingNumber} and goes on."),
        _ => Decision.Nothing,
    };
}
