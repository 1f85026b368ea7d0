using System.Globalization;
using Commerce.Contracts.Ordering;
using Projections.Engine;
using Projections.Engine.Postgres;
using Projections.Ordering;

namespace Projections.Sales;

/// <summary>
/// What completed orders brought in, by day, category and country. An order counts on the day it completes (UTC), so a
/// day that is over never changes; a completed order is never refunded.
/// </summary>
internal sealed class Revenue : Projection<OrderKey, Revenue.OpenOrder>
{
    public Revenue()
        : base("revenue", version: 1)
    {
        Start<OrderPlaced>(e => new(e.Tenant, e.OrderId), (e, _) => new OpenOrder(
            e.ShippingAddress.Country,
            e.Total.Currency,
            e.Total.Amount,
            e.Lines.GroupBy(line => line.Category).ToDictionary(
                lines => lines.Key, lines => lines.Sum(line => line.Quantity * line.UnitPrice.Amount))));
        End<OrderCompleted>(e => new(e.Tenant, e.OrderId), (order, e, at, totals) =>
        {
            var day = DateOnly.FromDateTime(at.Time.UtcDateTime);
            var dayKey = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            totals.Add(new Group(e.Tenant, "day", day, dayKey, order.Currency), 1, order.Total);
            totals.Add(new Group(e.Tenant, "country", day, order.Country, order.Currency), 1, order.Total);
            foreach (var (category, amount) in order.Categories)
                totals.Add(new Group(e.Tenant, "category", day, category, order.Currency), 1, amount);
        });
        End<OrderCanceled>(e => new(e.Tenant, e.OrderId));
    }

    public override PostgresStorage Postgres { get; } = new(
        "Sales/Revenue.sql",
        Table: "open_orders",
        new TotalsTable("revenue", typeof(Group), Count: "orders", Amount: "amount"));

    /// <summary>An order under way: what it adds once it completes.</summary>
    /// <param name="Categories">Amount of its lines by category.</param>
    internal sealed record OpenOrder(
        string Country, string Currency, decimal Total, IReadOnlyDictionary<string, decimal> Categories);

    /// <param name="Grouping">day, category or country.</param>
    internal sealed record Group(string Tenant, string Grouping, DateOnly Day, string Key, string Currency);
}
