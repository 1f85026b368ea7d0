using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Inventory;

namespace Workflows.Inventory;

internal sealed class ReleaseStockHandler(CommandFlow flow) : IHandleMessages<ReleaseStock>
{
    public async Task Handle(ReleaseStock message, IMessageHandlerContext context)
    {
        await flow.Run(message, context, async streams =>
        {
            var reservation = await streams.Load(
                CommerceStreams.Reservation(message.Tenant, message.OrderId), Folds.Reservation);
            var items = await StockOfOrder.Load(streams, message.Tenant, message.Skus);
            return StockDecider.Decide(reservation, items, message);
        });
        await context.Reply(new StockReleaseAnswered(message.Tenant, message.OrderId));
    }
}
