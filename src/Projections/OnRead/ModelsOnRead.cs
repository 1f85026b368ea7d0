using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using EventStore;
using Projections.Catalog;
using Projections.Engine;
using Projections.Inventory;
using Projections.Ordering;
using Order = Commerce.Contracts.Ordering.OrderDetails;
using OrderStatus = Commerce.Contracts.Ordering.OrderStatus;
using OrderStep = Commerce.Contracts.Ordering.OrderStep;
using Product = Commerce.Contracts.Catalog.ProductDetails;

namespace Projections.OnRead;

/// <summary>
/// The declarations of the read models, folded over an entity's own streams at the moment it is asked for: what the
/// model will say once it has caught up, in the same shape and by the same rules.
/// </summary>
public static class ModelsOnRead
{
    /// <summary>
    /// Every stock event carries the level, so the last ones say all; a low-stock event carries none.
    /// </summary>
    private const int LastOfStock = 8;

    private static readonly ProductDetails Products = new();
    private static readonly OrderDetails Orders = new();
    private static readonly StockLevels Stock = new();

    /// <summary>The streams that <see cref="ProductOf"/> folds.</summary>
    public static IReadOnlyList<StreamEnd> StreamsOfProduct(string tenant, string sku) =>
        [new(CommerceStreams.Product(tenant, sku)), .. StreamsOfStock(tenant, sku)];

    /// <summary>The streams that <see cref="OrderOf"/> folds.</summary>
    public static IReadOnlyList<StreamEnd> StreamsOfOrder(string tenant, Guid orderId) =>
    [
        new(CommerceStreams.Order(tenant, orderId)),
        new(CommerceStreams.Payment(tenant, orderId)),
        new(CommerceStreams.Shipment(tenant, orderId)),
    ];

    /// <summary>The streams that <see cref="StockOf"/> folds.</summary>
    public static IReadOnlyList<StreamEnd> StreamsOfStock(string tenant, string sku) =>
        [new(CommerceStreams.Stock(tenant, sku), LastOfStock)];

    /// <returns>Null: no such product is registered.</returns>
    public static Product? ProductOf(
        string tenant, string sku, IReadOnlyList<RecordedEvent> events)
    {
        var row = Products.RowAfter(events, new ProductKey(tenant, sku));
        return row is not { Name: { } name, Category: { } category, Price: { } price, Currency: { } currency }
            ? null
            : new Product(
                sku, name, row.Description, row.Brand, category, new Money(price, currency), row.Discontinued,
                new StockLevel(row.OnHand, row.Reserved));
    }

    /// <returns>Null: no such order was placed.</returns>
    public static Order? OrderOf(
        string tenant, Guid orderId, IReadOnlyList<RecordedEvent> events)
    {
        if (Orders.RowAfter(events, new OrderKey(tenant, orderId)) is not { } row)
            return null;
        return new Order(
            orderId, row.CustomerId, Enum.Parse<OrderStatus>(row.Status, ignoreCase: true), row.Reason,
            new Money(row.Total, row.Currency), row.Lines, row.Address, row.TrackingNumber, row.PlacedAt,
            row.History is [.., var last] ? last.At : row.PlacedAt,
            [.. row.History.Select(entry => new OrderStep(entry.Step, entry.At, entry.Detail))]);
    }

    /// <returns>Null: no stock was ever booked for the SKU.</returns>
    public static StockOfProduct? StockOf(string tenant, string sku, IReadOnlyList<RecordedEvent> events) =>
        Stock.RowAfter(events, new ProductKey(tenant, sku)) is { } level
            ? new StockOfProduct(sku, level.OnHand, level.Reserved, level.Available)
            : null;

    /// <summary>An event that the projection would park is left out here as it would be there.</summary>
    private static TRow? RowAfter<TKey, TRow>(
        this Projection<TKey, TRow> projection, IReadOnlyList<RecordedEvent> events, TKey key)
        where TKey : notnull
        where TRow : class =>
        projection.Fold(events, new Dictionary<TKey, TRow>(), ParkedStreams.None).Changes.Find(key, out _);
}
