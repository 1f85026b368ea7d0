using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;

namespace Projections.Tests;

/// <summary>Events of a small shop, with only what a test cares about spelled out.</summary>
internal static class Shop
{
    public const string Tenant = "demo";

    public static ShippingAddress Address(string country = "United Kingdom") =>
        new("Ada Lovelace", "12 St James's Square", null, "London", "SW1Y 4LE", country);

    public static ProductRegistered Registered(
        string sku, string name = "Lantern", string category = "Lighting", decimal price = 3.39m) =>
        new(Tenant, sku, name, "A lantern of white metal", "Daybird", category, new Money(price, "GBP"));

    public static OrderLine Line(string sku, int quantity, decimal price, string category = "Lighting") =>
        new(sku, $"Product {sku}", category, quantity, new Money(price, "GBP"));

    public static OrderPlaced Placed(
        Guid order, string customer = "17850", string country = "United Kingdom", params OrderLine[] lines) =>
        new(
            Tenant, order, customer, lines,
            new Money(lines.Sum(line => line.Quantity * line.UnitPrice.Amount), "GBP"), Address(country), "tok_ok");

    public static OrderConfirmed Confirmed(Guid order) => new(Tenant, order);

    public static OrderShipped Shipped(Guid order) => new(Tenant, order, "TRACK-1");

    public static OrderCompleted Completed(Guid order) => new(Tenant, order);

    public static OrderCanceled Canceled(Guid order, string reason = "payment declined") => new(Tenant, order, reason);

    public static StockReceived Received(string sku, int quantity, int onHand, int reserved) =>
        new(Tenant, sku, quantity, null, new StockLevel(onHand, reserved));

    public static StockReserved Reserved(string sku, Guid order, int quantity, int onHand, int reserved) =>
        new(Tenant, sku, order, quantity, new StockLevel(onHand, reserved));

    /// <summary>The stream that an event belongs to.</summary>
    public static string StreamOf(ICommerceEvent @event) => @event switch
    {
        ProductRegistered e => CommerceStreams.Product(e.Tenant, e.Sku),
        ProductRenamed e => CommerceStreams.Product(e.Tenant, e.Sku),
        ProductRepriced e => CommerceStreams.Product(e.Tenant, e.Sku),
        ProductCategorized e => CommerceStreams.Product(e.Tenant, e.Sku),
        ProductDiscontinued e => CommerceStreams.Product(e.Tenant, e.Sku),
        StockReceived e => CommerceStreams.Stock(e.Tenant, e.Sku),
        StockReserved e => CommerceStreams.Stock(e.Tenant, e.Sku),
        StockShipped e => CommerceStreams.Stock(e.Tenant, e.Sku),
        StockReleased e => CommerceStreams.Stock(e.Tenant, e.Sku),
        StockAdjusted e => CommerceStreams.Stock(e.Tenant, e.Sku),
        OrderPlaced e => CommerceStreams.Order(e.Tenant, e.OrderId),
        OrderConfirmed e => CommerceStreams.Order(e.Tenant, e.OrderId),
        OrderShipped e => CommerceStreams.Order(e.Tenant, e.OrderId),
        OrderCompleted e => CommerceStreams.Order(e.Tenant, e.OrderId),
        OrderCanceled e => CommerceStreams.Order(e.Tenant, e.OrderId),
        OrderCancellationRequested e => CommerceStreams.Order(e.Tenant, e.OrderId),
        PaymentRequested e => CommerceStreams.Payment(e.Tenant, e.OrderId),
        PaymentAuthorized e => CommerceStreams.Payment(e.Tenant, e.OrderId),
        PaymentCaptured e => CommerceStreams.Payment(e.Tenant, e.OrderId),
        PaymentDeclined e => CommerceStreams.Payment(e.Tenant, e.OrderId),
        ShipmentRequested e => CommerceStreams.Shipment(e.Tenant, e.OrderId),
        ShipmentDispatched e => CommerceStreams.Shipment(e.Tenant, e.OrderId),
        ShipmentRefused e => CommerceStreams.Shipment(e.Tenant, e.OrderId),
        _ => throw new ArgumentException($"Say here which stream {@event.GetType().Name} belongs to."),
    };
}
