using Commerce.Catalog;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using EventStore;

namespace Workflows.Catalog;

/// <summary>Claims the SKU in the transaction that registers the product: of two at once, one gets it.</summary>
internal sealed class RegisterProductHandler(CommandFlow flow) : IHandleMessages<RegisterProduct>
{
    public Task Handle(RegisterProduct message, IMessageHandlerContext context)
    {
        var stream = CommerceStreams.Product(message.Tenant, message.Sku);
        return flow.Run(
            message,
            context,
            async streams => ProductDecider.Decide(await streams.Load(stream, Folds.Product), message),
            new UniqueKey(
                new KeyClaim($"sku/{message.Tenant}/{message.Sku}", stream), ProductDecider.SkuTaken(message.Sku)));
    }
}
