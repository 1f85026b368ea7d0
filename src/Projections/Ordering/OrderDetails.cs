using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using Projections.Engine;
using Projections.Engine.Postgres;

namespace Projections.Ordering;

/// <summary>The order page: lines, address, status, and every step the order took, with its time.</summary>
internal sealed class OrderDetails : Projection<OrderKey, OrderDetails.Row>
{
    public OrderDetails()
        : base("order-details", version: 1)
    {
        Start<OrderPlaced>(e => new(e.Tenant, e.OrderId), (e, at) => new Row(
            e.CustomerId, "placed", Reason: null, e.Lines, e.Total.Amount, e.Total.Currency, e.ShippingAddress,
            TrackingNumber: null, [new HistoryEntry("placed", at.Time, Detail: null)], at.Time));
        Change<OrderConfirmed>(e => new(e.Tenant, e.OrderId), (row, _, at) =>
            row.Then("confirmed", at) with { Status = "confirmed" });
        Change<OrderShipped>(e => new(e.Tenant, e.OrderId), (row, e, at) =>
            row.Then("shipped", at, e.TrackingNumber) with { Status = "shipped", TrackingNumber = e.TrackingNumber });
        Change<OrderCompleted>(e => new(e.Tenant, e.OrderId), (row, _, at) =>
            row.Then("completed", at) with { Status = "completed" });
        Change<OrderCancellationRequested>(e => new(e.Tenant, e.OrderId), (row, e, at) =>
            row.Then("cancellation-requested", at, e.Reason) with { Reason = e.Reason });
        Change<OrderCanceled>(e => new(e.Tenant, e.OrderId), (row, e, at) =>
            row.Then("canceled", at, e.Reason) with { Status = "canceled", Reason = e.Reason });

        Change<PaymentRequested>(e => new(e.Tenant, e.OrderId), (row, _, at) => row.Then("payment-requested", at));
        Change<PaymentAuthorized>(e => new(e.Tenant, e.OrderId), (row, _, at) => row.Then("payment-authorized", at));
        Change<PaymentDeclined>(
            e => new(e.Tenant, e.OrderId), (row, e, at) => row.Then("payment-declined", at, e.Reason));
        Change<PaymentCaptured>(e => new(e.Tenant, e.OrderId), (row, _, at) => row.Then("payment-captured", at));
        Change<PaymentVoided>(e => new(e.Tenant, e.OrderId), (row, e, at) => row.Then("payment-voided", at, e.Reason));
        Change<PaymentRefunded>(
            e => new(e.Tenant, e.OrderId), (row, e, at) => row.Then("payment-refunded", at, e.Reason));

        Change<ShipmentRequested>(e => new(e.Tenant, e.OrderId), (row, _, at) => row.Then("shipment-requested", at));
        Change<ShipmentRefused>(
            e => new(e.Tenant, e.OrderId), (row, e, at) => row.Then("shipment-refused", at, e.Reason));
        Change<ShipmentDispatched>(
            e => new(e.Tenant, e.OrderId), (row, e, at) => row.Then("shipment-dispatched", at, e.TrackingNumber));
        Change<ShipmentDelivered>(e => new(e.Tenant, e.OrderId), (row, _, at) => row.Then("shipment-delivered", at));
        Change<ShipmentCanceled>(
            e => new(e.Tenant, e.OrderId), (row, e, at) => row.Then("shipment-canceled", at, e.Reason));
    }

    public override PostgresStorage Postgres { get; } = new("Ordering/OrderDetails.sql", Table: "orders");

    /// <param name="Detail">A reason or a tracking number, where the step has one.</param>
    internal readonly record struct HistoryEntry(string Step, DateTimeOffset At, string? Detail);

    internal sealed record Row(
        string CustomerId,
        string Status,
        string? Reason,
        IReadOnlyList<OrderLine> Lines,
        decimal Total,
        string Currency,
        ShippingAddress Address,
        string? TrackingNumber,
        HistoryEntry[] History,
        DateTimeOffset PlacedAt)
    {
        public Row Then(string step, RecordedAt at, string? detail = null) =>
            this with { History = [.. History, new HistoryEntry(step, at.Time, detail)] };
    }
}
