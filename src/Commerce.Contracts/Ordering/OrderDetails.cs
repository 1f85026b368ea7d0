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
/// <param name="Reason">Why it was canceled, or why its customer asked for that; null otherwise.</param>
/// <param name="UpdatedAt">When the last step of <paramref name="History"/> happened.</param>
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
/// <param name="Step">Such as <c>stock-reserved</c>; a step that changes the status is named as the new status.</param>
/// <param name="Detail">What there is to say about it: a reason, a reference, a tracking number.</param>
public sealed record OrderStep(string Step, DateTimeOffset At, string? Detail);

/// <summary>An order in a list.</summary>
/// <param name="LineCount">Lines, not units.</param>
/// <param name="Units">Units of all lines together.</param>
public sealed record OrderSummary(
    Guid OrderId, OrderStatus Status, Money Total, int LineCount, int Units, DateTimeOffset PlacedAt);

/// <summary>A change of status, as the live stream of an order tells it.</summary>
public sealed record OrderStatusChange(Guid OrderId, OrderStatus Status, DateTimeOffset At, string? Reason);
