using Commerce.Contracts;
using Commerce.Contracts.Ordering;

namespace Commerce.Ordering;

public static partial class OrderDecider
{
    /// <summary>The last moment at which a customer's cancellation is looked at before the carrier is called.</summary>
    public static Decision Decide(Order order, ConfirmOrder command) => order switch
    {
        { Status: OrderStatus.None } => Unknown(command.OrderId),
        { Status: OrderStatus.Canceled } => Canceled(command.OrderId),
        { Status: OrderStatus.Placed, CancellationReason: { } reason } => Decision.Reject(
            Rules.OrderCancellationRequested,
            $"Order {command.OrderId} is not confirmed: the customer asked to cancel it ({reason})."),
        { Status: OrderStatus.Placed } => Decision.Accept(new OrderConfirmed(command.Tenant, command.OrderId)),
        _ => Decision.Nothing,
    };
}
