namespace Commerce.Contracts;

/// <summary>
/// Names of the streams in the event store: <c>kind/tenant/id</c>. Neither tenants nor ids contain a slash,
/// so two entities never share a name.
/// </summary>
public static class CommerceStreams
{
    public static string Product(string tenant, string sku) => $"product/{tenant}/{sku}";

    public static string Stock(string tenant, string sku) => $"stock/{tenant}/{sku}";

    public static string Order(string tenant, Guid orderId) => $"order/{tenant}/{orderId}";

    public static string Payment(string tenant, Guid orderId) => $"payment/{tenant}/{orderId}";

    public static string Shipment(string tenant, Guid orderId) => $"shipment/{tenant}/{orderId}";
}
