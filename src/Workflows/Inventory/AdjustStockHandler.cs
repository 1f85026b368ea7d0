using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Inventory;

namespace Workflows.Inventory;

internal sealed class AdjustStockHandler(CommandFlow flow) : IHandleMessages<AdjustStock>
{
    public Task Handle(AdjustStock message, IMessageHandlerContext context) =>
        flow.Run(message, context, async streams =>
        {
            var item = await streams.Load(CommerceStreams.Stock(message.Tenant, message.Sku), Folds.Stock);
            var known = item.Exists || await IsInCatalog(streams, message);
            return StockDecider.Decide(item, message, known);
        });

    private static async Task<bool> IsInCatalog(StreamsRead streams, AdjustStock message) =>
        (await streams.Load(CommerceStreams.Product(message.Tenant, message.Sku), Folds.Product)).Exists;
}
