using Commerce.Catalog;
using Commerce.Inventory;
using Commerce.Ordering;
using Commerce.Payments;
using Commerce.Shipping;
using EventStore;

namespace Workflows;

/// <summary>
/// How each kind of stream becomes a state. Raise a fold's schema version when the record it folds into changes.
/// </summary>
internal static class Folds
{
    public static Fold<Product> Product { get; } =
        new("product", Commerce.Catalog.Product.Initial, Commerce.Catalog.Product.Evolve);

    public static Fold<StockItem> Stock { get; } = new("stock", StockItem.Initial, StockItem.Evolve);

    public static Fold<Reservation> Reservation { get; } =
        new("reservation", Commerce.Inventory.Reservation.Initial, Commerce.Inventory.Reservation.Evolve);

    public static Fold<Order> Order { get; } =
        new("order", Commerce.Ordering.Order.Initial, Commerce.Ordering.Order.Evolve) { KeepsPersonalData = false };

    public static Fold<Payment> Payment { get; } =
        new("payment", Commerce.Payments.Payment.Initial, Commerce.Payments.Payment.Evolve);

    public static Fold<Shipment> Shipment { get; } =
        new("shipment", Commerce.Shipping.Shipment.Initial, Commerce.Shipping.Shipment.Evolve) { KeepsPersonalData = false };
}
