using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;

namespace QueryApi.Tests.Running;

/// <summary>What happens in a tenant's shop, as events.</summary>
internal sealed class Shop(string tenant)
{
    public string Tenant => tenant;

    public ProductRegistered Registered(
        string sku, string name = "Storm Lantern", string category = "Lighting", decimal price = 24.50m,
        string? brand = "Fenwick", string? description = "Burns for twenty hours.") =>
        new(tenant, sku, name, description, brand, category, Pounds(price));

    public StockReceived Received(string sku, int quantity, int onHand, int reserved = 0) =>
        new(tenant, sku, quantity, null, new StockLevel(onHand, reserved));

    public OrderPlaced Placed(Guid order, string customer, string country, params OrderLine[] lines) => new(
        tenant, order, customer, lines, Pounds(lines.Sum(line => line.Quantity * line.UnitPrice.Amount)),
        new ShippingAddress("Mary Anning", "10 Broad Street", null, "Lyme Regis", "DT7 3QD", country), "tok_ok");

    public static OrderLine Line(string sku, int quantity, decimal price, string category = "Lighting") =>
        new(sku, $"Product {sku}", category, quantity, Pounds(price));

    /// <summary>What follows on placing until the order is completed.</summary>
    public ICommerceEvent[] Fulfilled(Guid order) =>
    [
        new PaymentAuthorized(tenant, order, Pounds(1), "ref-1"),
        new OrderConfirmed(tenant, order),
        new OrderShipped(tenant, order, "TRACK-7"),
        new OrderCompleted(tenant, order),
    ];

    public OrderConfirmed Confirmed(Guid order) => new(tenant, order);

    public OrderCanceled Canceled(Guid order, string reason) => new(tenant, order, reason);

    public static string StreamOf(ICommerceEvent happened) => happened switch
    {
        ProductRegistered e => CommerceStreams.Product(e.Tenant, e.Sku),
        ProductDiscontinued e => CommerceStreams.Product(e.Tenant, e.Sku),
        ProductRenamed e => CommerceStreams.Product(e.Tenant, e.Sku),
        StockReceived e => CommerceStreams.Stock(e.Tenant, e.Sku),
        OrderPlaced e => CommerceStreams.Order(e.Tenant, e.OrderId),
        OrderConfirmed e => CommerceStreams.Order(e.Tenant, e.OrderId),
        OrderShipped e => CommerceStreams.Order(e.Tenant, e.OrderId),
        OrderCompleted e => CommerceStreams.Order(e.Tenant, e.OrderId),
        OrderCanceled e => CommerceStreams.Order(e.Tenant, e.OrderId),
        PaymentAuthorized e => CommerceStreams.Payment(e.Tenant, e.OrderId),
        _ => throw new ArgumentException($"Say here which stream {happened.GetType().Name} belongs to."),
    };

    private static Money Pounds(decimal amount) => new(amount, "GBP");
}
