using Commerce.Contracts;

namespace QueryApi.Caching;

/// <summary>
/// What answers are made of: streams, and lists that events of several streams change. An answer holds until an event
/// touches one of its names; <see cref="ChangeFeed"/> says which event touches which.
/// </summary>
internal static class MadeOf
{
    public static string[] Product(string tenant, string sku) =>
        [CommerceStreams.Product(tenant, sku), CommerceStreams.Stock(tenant, sku)];

    public static string[] Stock(string tenant, string sku) => [CommerceStreams.Stock(tenant, sku)];

    public static string[] Order(string tenant, Guid orderId) =>
    [
        CommerceStreams.Order(tenant, orderId), CommerceStreams.Payment(tenant, orderId),
        CommerceStreams.Shipment(tenant, orderId),
    ];

    /// <summary>The orders a page shows, and whatever may join them.</summary>
    public static string[] CustomerOrders(string tenant, string customer, IEnumerable<Guid> shown) =>
    [
        OrdersOf(tenant, customer), OrdersOfAll(tenant), .. shown.Select(order => CommerceStreams.Order(tenant, order)),
    ];

    /// <summary>All products of a tenant: what a search looks through.</summary>
    public static string ProductsOf(string tenant) => $"products/{tenant}";

    /// <summary>Completed orders of a tenant.</summary>
    public static string SalesOf(string tenant) => $"sales/{tenant}";

    public static string OrdersOf(string tenant, string customer) => $"orders-of/{tenant}/{customer}";

    /// <summary>Orders whose customer could not be told from the event.</summary>
    public static string OrdersOfAll(string tenant) => $"orders-of-all/{tenant}";
}
