using Commerce.Contracts;
using Commerce.Contracts.Ordering;

namespace Commerce.Ordering;

public static partial class OrderDecider
{
    /// <summary>
    /// Ends a fulfilment that could not be carried through, a shipped one too: its payment may have failed for good
    /// while the parcel was on its way.
    /// </summary>
    public static Decision Decide(Order order, CancelOrder command) => order.Status switch
    {
        OrderStatus.None => Unknown(command.OrderId),
        OrderStatus.Canceled => Decision.Nothing,
        OrderStatus.Completed => Decision.Reject(
            Rules.OrderAlreadyCompleted, $"Order {command.OrderId} is completed, which is final; it is not canceled."),
        _ => Decision.Accept(new OrderCanceled(command.Tenant, command.OrderId, command.Reason)),
    };
}
