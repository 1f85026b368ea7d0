using Commerce.Contracts;
using Commerce.Contracts.Ordering;

namespace Commerce.Ordering;

/// <summary>How far an order has come.</summary>
/// <param name="CancellationReason">Why the customer wants out; null where nobody asked.</param>
public sealed record Order(OrderStatus Status, string? CancellationReason)
{
    public static Order Initial { get; } = new(OrderStatus.None, null);

    /// <summary>The state after an event; events of other kinds leave it as it is.</summary>
    public static Order Evolve(Order order, object fact) => fact switch
    {
        OrderPlaced => order with { Status = OrderStatus.Placed },
        OrderConfirmed => order with { Status = OrderStatus.Confirmed },
        OrderCancellationRequested e => order with { CancellationReason = e.Reason },
        OrderShipped => order with { Status = OrderStatus.Shipped },
        OrderCompleted => order with { Status = OrderStatus.Completed },
        OrderCanceled => order with { Status = OrderStatus.Canceled },
        _ => order,
    };
}

/// <summary>Completed and canceled are final.</summary>
public enum OrderStatus
{
    None,
    Placed,
    Confirmed,
    Shipped,
    Completed,
    Canceled,
}

/// <summary>The rules of ordering, one file per command.</summary>
public static partial class OrderDecider
{
    private static Decision Unknown(Guid orderId) => Decision.Reject(
        Rules.OrderUnknown, $"There is no order {orderId}. Correct the id, or place the order first.");

    private static Decision Canceled(Guid orderId) => Decision.Reject(
        Rules.OrderCanceled, $"Order {orderId} is canceled, which is final. Place a new order.");
}
