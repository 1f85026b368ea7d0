using Commerce;
using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Inventory;

namespace Workflows.Inventory;

internal sealed class ReserveStockHandler(CommandFlow flow) : IHandleMessages<ReserveStock>
{
    public async Task Handle(ReserveStock message, IMessageHandlerContext context)
    {
        var decision = await flow.Run(message, context, async streams =>
        {
            var reservation = await streams.Load(
                CommerceStreams.Reservation(message.Tenant, message.OrderId), Folds.Reservation);
            var items = await StockOfOrder.Load(streams, message.Tenant, message.Lines.Select(line => line.Sku));
            return StockDecider.Decide(reservation, items, message);
        });
        await context.Reply(
            new StockReservationAnswered(message.Tenant, message.OrderId, (decision as Rejected)?.Message));
    }
}
