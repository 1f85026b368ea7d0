using Commerce;
using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Commerce.Ordering;

namespace Workflows.Ordering;

internal sealed class ConfirmOrderHandler(CommandFlow flow) : IHandleMessages<ConfirmOrder>
{
    public async Task Handle(ConfirmOrder message, IMessageHandlerContext context)
    {
        var decision = await flow.Run(
            message,
            context,
            CommerceStreams.Order(message.Tenant, message.OrderId),
            Folds.Order,
            order => OrderDecider.Decide(order, message));
        await context.Reply(
            new OrderConfirmationAnswered(message.Tenant, message.OrderId, (decision as Rejected)?.Message));
    }
}
