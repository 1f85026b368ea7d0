using Commerce.Contracts.Shipping;

namespace Workflows.Shipping;

/// <summary>Tells the carrier what the log says: collections to make, and those to call off.</summary>
internal sealed class CallCarrier(ICarrier carrier)
    : IHandleMessages<ShipmentRequested>, IHandleMessages<ShipmentCanceled>
{
    public async Task Handle(ShipmentRequested message, IMessageHandlerContext context)
    {
        var refusal = await carrier.Book(
            message.Tenant, message.OrderId, message.Address, context.CancellationToken);
        if (refusal is not null)
            await context.Send(new RefuseShipment(message.Tenant, message.OrderId, refusal));
    }

    public Task Handle(ShipmentCanceled message, IMessageHandlerContext context) =>
        carrier.CallOff(message.Tenant, message.OrderId, context.CancellationToken);
}
