using Commerce.Contracts.Ordering;
using Projections.Engine;
using Projections.Engine.Postgres;

namespace Projections.Ordering;

/// <summary>A customer's orders, newest first: one short row each.</summary>
internal sealed class CustomerOrders : Projection<OrderKey, CustomerOrders.Row>
{
    public CustomerOrders()
        : base("customer-orders", version: 1)
    {
        Start<OrderPlaced>(e => new(e.Tenant, e.OrderId), (e, at) => new Row(
            e.CustomerId, "placed", e.Total.Amount, e.Total.Currency, e.Lines.Count, e.Lines.Sum(line => line.Quantity),
            at.Time));
        Change<OrderConfirmed>(e => new(e.Tenant, e.OrderId), (row, _, _) => row with { Status = "confirmed" });
        Change<OrderShipped>(e => new(e.Tenant, e.OrderId), (row, _, _) => row with { Status = "shipped" });
        Change<OrderCompleted>(e => new(e.Tenant, e.OrderId), (row, _, _) => row with { Status = "completed" });
        Change<OrderCanceled>(e => new(e.Tenant, e.OrderId), (row, _, _) => row with { Status = "canceled" });
    }

    public override PostgresStorage Postgres { get; } = new("Ordering/CustomerOrders.sql", Table: "customer_orders");

    internal sealed record Row(
        string CustomerId,
        string Status,
        decimal Total,
        string Currency,
        int LineCount,
        int Units,
        DateTimeOffset PlacedAt);
}
