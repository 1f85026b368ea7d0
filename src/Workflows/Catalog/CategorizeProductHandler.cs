using Commerce.Catalog;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;

namespace Workflows.Catalog;

internal sealed class CategorizeProductHandler(CommandFlow flow) : IHandleMessages<CategorizeProduct>
{
    public Task Handle(CategorizeProduct message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Product(message.Tenant, message.Sku),
        Folds.Product,
        product => ProductDecider.Decide(product, message));
}
