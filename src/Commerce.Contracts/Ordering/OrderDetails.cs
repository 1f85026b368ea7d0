using System.Text.Json.Serialization;

namespace Commerce.Contracts.Ordering;

/// <summary>How far an order has come, as customers see it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderStatus>))]
public enum OrderStatus
{
    [JsonStringEnumMemberName("placed")]
    Placed,

    [JsonStringEnumMemberName("confirmed")]
    Confirmed,

    [JsonStringEnumMemberName("shipped")]
    Shipped,

    /// <summary>Final.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Final.</summary>
    [JsonStringEnumMemberName("canceled")]
    Canceled,
}

/// <summary>An order with its lines as they were placed and what happened to it since.</summary>
/// <param name="Reason">Why it was canceled; null otherwise.</param>
/// <param name="TrackingNumber">The carrier's, once shipped.</param>
/// <param name="History">What happened, oldest first.</param>
public sealed record OrderDetails(
    Guid OrderId,
    string CustomerId,
    OrderStatus Status,
    string? Reason,
    Money Total,
    IReadOnlyList<OrderLine> Lines,
    ShippingAddress ShippingAddress,
    string? TrackingNumber,
    DateTimeOffset PlacedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<OrderStep> History);

/// <summary>One thing that happened to an order, its stock, payment or shipment.</summary>
/// <param name="Step">The event's stored name, such as <c>payment-authorized</c>.</param>
/// <param name="Status">The order's status after the step.</param>
/// <param name="Detail">What there is to say about it: a reason, a reference, a tracking number.</param>
public sealed record OrderStep(string Step, OrderStatus Status, DateTimeOffset At, string? Detail);

/// <summary>An order in a list.</summary>
/// <param name="LineCount">Lines, not units.</param>
public sealed record OrderSummary(
    Guid OrderId, OrderStatus Status, Money Total, int LineCount, DateTimeOffset PlacedAt, DateTimeOffset UpdatedAt);

/// <summary>A change of status, as the live stream of an order tells it.</summary>
public sealed record OrderStatusChange(Guid OrderId, OrderStatus Status, DateTimeOffset At, string? Reason);
