using Commerce.Contracts;
using Commerce.Contracts.Shipping;
using Commerce.Shipping;

namespace Workflows.Shipping;

internal sealed class RequestShipmentHandler(CommandFlow flow) : IHandleMessages<RequestShipment>
{
    public Task Handle(RequestShipment message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Shipment(message.Tenant, message.OrderId),
        Folds.Shipment,
        shipment => ShipmentDecider.Decide(shipment, message));
}
