using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Commerce.Ordering;

namespace Commerce.Tests.Ordering;

/// <summary>An order and what may have happened to it.</summary>
internal static class Orders
{
    public static readonly Guid Id = Guid.Parse("0198a5f0-0000-7000-8000-000000000001");

    public static readonly ShippingAddress Address = new("Ann", "1 High Street", null, "Leeds", "LS1", "GB");

    public static readonly OrderPlaced Placed = new(
        "demo",
        Id,
        "C-1",
        [new OrderLine("HAT-1", "Hat", "Clothes", 2, new Money(7.40m, "GBP"))],
        new Money(14.80m, "GBP"),
        Address,
        "tok_ok");

    public static readonly OrderConfirmed Confirmed = new("demo", Id);
    public static readonly OrderCancellationRequested CancellationRequested = new("demo", Id, "too slow");
    public static readonly OrderShipped Shipped = new("demo", Id, "T-1");
    public static readonly OrderCompleted Completed = new("demo", Id);
    public static readonly OrderCanceled Canceled = new("demo", Id, "no stock");

    public static Scenario<Order> Order() => new(Commerce.Ordering.Order.Initial, Commerce.Ordering.Order.Evolve);

    /// <summary>An order in a state named as in the tables of the specs.</summary>
    public static Scenario<Order> In(string state) => state switch
    {
        "unknown" => Order(),
        "placed" => Order().Given(Placed),
        "placed, cancellation requested" => Order().Given(Placed, CancellationRequested),
        "confirmed" => Order().Given(Placed, Confirmed),
        "confirmed, cancellation requested" => Order().Given(Placed, Confirmed, CancellationRequested),
        "shipped" => Order().Given(Placed, Confirmed, Shipped),
        "completed" => Order().Given(Placed, Confirmed, Shipped, Completed),
        "canceled" => Order().Given(Placed, Canceled),
        _ => throw new ArgumentException($"No order is '{state}'.", nameof(state)),
    };
}
