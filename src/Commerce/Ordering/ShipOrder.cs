using Commerce.Contracts.Ordering;

namespace Commerce.Ordering;

public static partial class OrderDecider
{
    /// <summary>
    /// The parcel is with the carrier; a fact, so it also ships an order whose confirmation is still on its way.
    /// </summary>
    public static Decision Decide(Order order, ShipOrder command) => order.Status switch
    {
        OrderStatus.None => Unknown(command.OrderId),
        OrderStatus.Canceled => Canceled(command.OrderId),
        OrderStatus.Placed or OrderStatus.Confirmed => Decision.Accept(
            new OrderShipped(command.Tenant, command.OrderId, command.TrackingNumber)),
        _ => Decision.Nothing,
    };
}
