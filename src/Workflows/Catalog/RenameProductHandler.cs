using Commerce.Catalog;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;

namespace Workflows.Catalog;

internal sealed class RenameProductHandler(CommandFlow flow) : IHandleMessages<RenameProduct>
{
    public Task Handle(RenameProduct message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Product(message.Tenant, message.Sku),
        Folds.Product,
        product => ProductDecider.Decide(product, message));
}
