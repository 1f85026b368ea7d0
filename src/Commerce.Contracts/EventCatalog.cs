using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;

namespace Commerce.Contracts;

/// <summary>How an event type is named in the log, apart from its name in C#.</summary>
/// <param name="SchemaVersion">Raised when the stored shape changes; older versions are upcast on read.</param>
public sealed record EventName(Type Type, string Name, int SchemaVersion)
{
    /// <summary>
    /// The members marked with <see cref="PersonalDataAttribute"/>, as JSON paths: <c>shippingAddress.name</c>.
    /// </summary>
    public IReadOnlyList<string> PersonalMembers { get; } = PersonalDataAttribute.PathsIn(Type);
}

/// <summary>Every event of the domain with its stored name. A name, once written to a log, never changes.</summary>
public static class EventCatalog
{
    public static IReadOnlyList<EventName> All { get; } =
    [
        new(typeof(ProductCategorized), "product-categorized", 1),
        new(typeof(ProductDiscontinued), "product-discontinued", 1),
        new(typeof(ProductRegistered), "product-registered", 1),
        new(typeof(ProductRenamed), "product-renamed", 1),
        new(typeof(ProductRepriced), "product-repriced", 1),

        new(typeof(ReservationClosed), "reservation-closed", 1),
        new(typeof(ReservationMade), "reservation-made", 1),
        new(typeof(StockAdjusted), "stock-adjusted", 1),
        new(typeof(StockReceived), "stock-received", 1),
        new(typeof(StockReleased), "stock-released", 1),
        new(typeof(StockReserved), "stock-reserved", 1),
        new(typeof(StockShipped), "stock-shipped", 1),
        new(typeof(StockRanLow), "stock-ran-low", 1),

        new(typeof(OrderCanceled), "order-canceled", 1),
        new(typeof(OrderCompleted), "order-completed", 1),
        new(typeof(OrderConfirmed), "order-confirmed", 1),
        new(typeof(OrderPlaced), "order-placed", 1),
        new(typeof(OrderCancellationRequested), "order-cancellation-requested", 1),
        new(typeof(OrderShipped), "order-shipped", 1),

        new(typeof(PaymentRequested), "payment-requested", 1),
        new(typeof(PaymentAuthorized), "payment-authorized", 1),
        new(typeof(PaymentDeclined), "payment-declined", 1),
        new(typeof(PaymentCaptured), "payment-captured", 1),
        new(typeof(PaymentVoided), "payment-voided", 1),
        new(typeof(PaymentRefunded), "payment-refunded", 1),

        new(typeof(ShipmentCanceled), "shipment-canceled", 1),
        new(typeof(ShipmentDelivered), "shipment-delivered", 1),
        new(typeof(ShipmentDispatched), "shipment-dispatched", 1),
        new(typeof(ShipmentRequested), "shipment-requested", 2),
        new(typeof(ShipmentRefused), "shipment-refused", 1),
    ];
}
