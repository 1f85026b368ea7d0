using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;

namespace Commerce.Contracts;

/// <summary>
/// Names of the streams in the event store: <c>kind/tenant/id</c>. Neither tenants nor ids contain a slash,
/// so two entities never share a name.
/// </summary>
public static class CommerceStreams
{
    public static string Product(string tenant, string sku) => $"product/{tenant}/{sku}";

    public static string Stock(string tenant, string sku) => $"stock/{tenant}/{sku}";

    /// <summary>What is promised to one order, over all its SKUs.</summary>
    public static string Reservation(string tenant, Guid orderId) => $"reservation/{tenant}/{orderId}";

    public static string Order(string tenant, Guid orderId) => $"order/{tenant}/{orderId}";

    public static string Payment(string tenant, Guid orderId) => $"payment/{tenant}/{orderId}";

    public static string Shipment(string tenant, Guid orderId) => $"shipment/{tenant}/{orderId}";

    /// <summary>The stream that an event belongs to.</summary>
    /// <exception cref="ArgumentException">The event is of no kind that this class places.</exception>
    public static string Of(ICommerceEvent fact) => fact switch
    {
        ProductRegistered e => Product(e.Tenant, e.Sku),
        ProductRenamed e => Product(e.Tenant, e.Sku),
        ProductRepriced e => Product(e.Tenant, e.Sku),
        ProductCategorized e => Product(e.Tenant, e.Sku),
        ProductDiscontinued e => Product(e.Tenant, e.Sku),

        StockReceived e => Stock(e.Tenant, e.Sku),
        StockAdjusted e => Stock(e.Tenant, e.Sku),
        StockReserved e => Stock(e.Tenant, e.Sku),
        StockReleased e => Stock(e.Tenant, e.Sku),
        StockShipped e => Stock(e.Tenant, e.Sku),
        StockRanLow e => Stock(e.Tenant, e.Sku),

        ReservationMade e => Reservation(e.Tenant, e.OrderId),
        ReservationClosed e => Reservation(e.Tenant, e.OrderId),

        OrderPlaced e => Order(e.Tenant, e.OrderId),
        OrderConfirmed e => Order(e.Tenant, e.OrderId),
        OrderCancellationRequested e => Order(e.Tenant, e.OrderId),
        OrderShipped e => Order(e.Tenant, e.OrderId),
        OrderCompleted e => Order(e.Tenant, e.OrderId),
        OrderCanceled e => Order(e.Tenant, e.OrderId),

        PaymentRequested e => Payment(e.Tenant, e.OrderId),
        PaymentAuthorized e => Payment(e.Tenant, e.OrderId),
        PaymentDeclined e => Payment(e.Tenant, e.OrderId),
        PaymentCaptured e => Payment(e.Tenant, e.OrderId),
        PaymentVoided e => Payment(e.Tenant, e.OrderId),
        PaymentRefunded e => Payment(e.Tenant, e.OrderId),

        ShipmentRequested e => Shipment(e.Tenant, e.OrderId),
        ShipmentRefused e => Shipment(e.Tenant, e.OrderId),
        ShipmentCanceled e => Shipment(e.Tenant, e.OrderId),
        ShipmentDispatched e => Shipment(e.Tenant, e.OrderId),
        ShipmentDelivered e => Shipment(e.Tenant, e.OrderId),

        _ => throw new ArgumentException(
            $"{fact.GetType()} has no stream: place it in {nameof(CommerceStreams)}.{nameof(Of)}.", nameof(fact)),
    };
}
