using Commerce.Contracts.Ordering;

namespace Commerce.Ordering;

public static partial class OrderDecider
{
    /// <summary>
    /// Sent when the parcel is out and paid, so it completes the order even where the note of shipping it got stuck or
    /// was overtaken: an order always reaches a final state, and a completed one is shipped.
    /// </summary>
    public static Decision Decide(Order order, CompleteOrder command) => order.Status switch
    {
        OrderStatus.None => Unknown(command.OrderId),
        OrderStatus.Canceled => Canceled(command.OrderId),
        OrderStatus.Completed => Decision.Nothing,
        OrderStatus.Placed or OrderStatus.Confirmed when command.TrackingNumber is { } number => Decision.Accept(
            new OrderShipped(command.Tenant, command.OrderId, number),
            new OrderCompleted(command.Tenant, command.OrderId)),
        _ => Decision.Accept(new OrderCompleted(command.Tenant, command.OrderId)),
    };
}
