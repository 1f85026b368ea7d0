using Commerce.Contracts;
using Commerce.Contracts.Shipping;
using Commerce.Shipping;

namespace Workflows.Shipping;

internal sealed class CancelShipmentHandler(CommandFlow flow) : IHandleMessages<CancelShipment>
{
    public async Task Handle(CancelShipment message, IMessageHandlerContext context)
    {
        string? trackingNumber = null;
        await flow.Run(
            message,
            context,
            CommerceStreams.Shipment(message.Tenant, message.OrderId),
            Folds.Shipment,
            shipment =>
            {
                trackingNumber = shipment.TrackingNumber;
                return ShipmentDecider.Decide(shipment, message);
            });
        await context.Reply(new ShipmentCancelAnswered(message.Tenant, message.OrderId, trackingNumber));
    }
}
