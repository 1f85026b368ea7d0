using Commerce.Contracts.Shipping;

namespace Commerce.Shipping;

public static partial class ShipmentDecider
{
    public static Decision Decide(Shipment shipment, RefuseShipment command) => shipment.Status switch
    {
        ShipmentStatus.Requested => Decision.Accept(
            new ShipmentRefused(command.Tenant, command.OrderId, command.Reason)),
        _ => Decision.Nothing,
    };
}
