using Commerce.Catalog;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;

namespace Workflows.Catalog;

internal sealed class DiscontinueProductHandler(CommandFlow flow) : IHandleMessages<DiscontinueProduct>
{
    public Task Handle(DiscontinueProduct message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Product(message.Tenant, message.Sku),
        Folds.Product,
        product => ProductDecider.Decide(product, message));
}
