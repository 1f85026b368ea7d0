using Commerce.Contracts.Shipping;

namespace Commerce.Shipping;

public static partial class ShipmentDecider
{
    public static Decision Decide(Shipment shipment, RequestShipment command) => shipment.Status switch
    {
        ShipmentStatus.None => Decision.Accept(
            new ShipmentRequested(command.Tenant, command.OrderId, command.Address, command.CustomerId)),
        _ => Decision.Nothing,
    };
}
