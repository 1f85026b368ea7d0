using Commerce.Contracts.Inventory;
using Commerce.Inventory;

namespace Workflows.Inventory;

internal sealed class ShipStockHandler(CommandFlow flow) : IHandleMessages<ShipStock>
{
    public async Task Handle(ShipStock message, IMessageHandlerContext context)
    {
        await flow.Run(message, context, async streams =>
            StockDecider.Decide(await StockOfOrder.Load(streams, message.Tenant, message.Skus), message));
        await context.Reply(new StockShipmentAnswered(message.Tenant, message.OrderId));
    }
}
