using Commerce.Contracts;
using Commerce.Contracts.Shipping;
using Commerce.Shipping;

namespace Workflows.Shipping;

internal sealed class DeliverShipmentHandler(CommandFlow flow) : IHandleMessages<DeliverShipment>
{
    public Task Handle(DeliverShipment message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Shipment(message.Tenant, message.OrderId),
        Folds.Shipment,
        shipment => ShipmentDecider.Decide(shipment, message));
}
