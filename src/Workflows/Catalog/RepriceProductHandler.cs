using Commerce.Catalog;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;

namespace Workflows.Catalog;

internal sealed class RepriceProductHandler(CommandFlow flow) : IHandleMessages<RepriceProduct>
{
    public Task Handle(RepriceProduct message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Product(message.Tenant, message.Sku),
        Folds.Product,
        product => ProductDecider.Decide(product, message));
}
