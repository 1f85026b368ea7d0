using Commerce.Contracts;
using Commerce.Contracts.Ordering;

namespace Commerce.Ordering;

public static partial class OrderDecider
{
    public static Decision Decide(Order order, RequestOrderCancellation command) => order switch
    {
        { Status: OrderStatus.None } => Unknown(command.OrderId),
        { Status: OrderStatus.Shipped or OrderStatus.Completed } => Decision.Reject(
            Rules.OrderAlreadyShipped,
            $"Order {command.OrderId} has shipped and cannot be canceled. Send the goods back instead."),
        { Status: OrderStatus.Canceled } or { CancellationReason: not null } => Decision.Nothing,
        _ => Decision.Accept(new OrderCancellationRequested(command.Tenant, command.OrderId, command.Reason)),
    };
}
