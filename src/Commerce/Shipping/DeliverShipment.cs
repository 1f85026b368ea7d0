using Commerce.Contracts;
using Commerce.Contracts.Shipping;

namespace Commerce.Shipping;

public static partial class ShipmentDecider
{
    public static Decision Decide(Shipment shipment, DeliverShipment command) => shipment.Status switch
    {
        ShipmentStatus.Dispatched => Decision.Accept(new ShipmentDelivered(command.Tenant, command.OrderId)),
        ShipmentStatus.Delivered => Decision.Nothing,
        _ => Decision.Reject(
            Rules.ShipmentNotDispatched,
            $"The shipment of order {command.OrderId} was never dispatched "
            + $"({shipment.Status.ToString().ToLowerInvariant()}), so it cannot be delivered."),
    };
}
