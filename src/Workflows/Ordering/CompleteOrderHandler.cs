using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Commerce.Ordering;

namespace Workflows.Ordering;

internal sealed class CompleteOrderHandler(CommandFlow flow) : IHandleMessages<CompleteOrder>
{
    public Task Handle(CompleteOrder message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Order(message.Tenant, message.OrderId),
        Folds.Order,
        order => OrderDecider.Decide(order, message));
}
