namespace Commerce.Contracts;

/// <summary>Every rule of the domain. docs/rules.md says when each applies and what to do about it.</summary>
public static class Rules
{
    public static Rule PriceNotPositive { get; } = Request("price-not-positive");
    public static Rule PriceTooHigh { get; } = Request("price-too-high");
    public static Rule SkuTaken { get; } = State("sku-taken");
    public static Rule ProductUnknown { get; } = State("product-unknown");
    public static Rule ProductDiscontinued { get; } = State("product-discontinued");

    public static Rule QuantityOutOfRange { get; } = Request("quantity-out-of-range");
    public static Rule StockTooHigh { get; } = State("stock-too-high");
    public static Rule InsufficientStock { get; } = State("insufficient-stock");
    public static Rule ReservationClosed { get; } = State("reservation-closed");

    public static Rule OrderLineCount { get; } = Request("order-line-count");
    public static Rule OrderMinimumTotal { get; } = Request("order-minimum-total");
    public static Rule CurrencyMismatch { get; } = Request("currency-mismatch");
    public static Rule OrderIdTaken { get; } = State("order-id-taken");
    public static Rule OrderUnknown { get; } = State("order-unknown");
    public static Rule OrderCancellationRequested { get; } = State("order-cancellation-requested");
    public static Rule OrderCanceled { get; } = State("order-canceled");
    public static Rule OrderAlreadyShipped { get; } = State("order-already-shipped");
    public static Rule OrderAlreadyCompleted { get; } = State("order-already-completed");

    public static Rule PaymentNotAuthorized { get; } = State("payment-not-authorized");

    public static Rule ShipmentNotRequested { get; } = State("shipment-not-requested");
    public static Rule ShipmentNotDispatched { get; } = State("shipment-not-dispatched");
    public static Rule ShipmentAlreadyDispatched { get; } = State("shipment-already-dispatched");

    public static Rule StreamTombstoned { get; } = State("stream-tombstoned");

    public static IReadOnlyList<Rule> All { get; } =
    [
        PriceNotPositive, PriceTooHigh, SkuTaken, ProductUnknown, ProductDiscontinued,
        QuantityOutOfRange, StockTooHigh, InsufficientStock, ReservationClosed,
        OrderLineCount, OrderMinimumTotal, CurrencyMismatch, OrderIdTaken, OrderUnknown, OrderCancellationRequested,
        OrderCanceled, OrderAlreadyShipped, OrderAlreadyCompleted,
        PaymentNotAuthorized,
        ShipmentNotRequested, ShipmentNotDispatched, ShipmentAlreadyDispatched,
        StreamTombstoned,
    ];

    private static readonly Dictionary<string, Rule> byName =
        All.ToDictionary(rule => rule.Name, StringComparer.Ordinal);

    /// <summary>The rule of that name; null where there is none.</summary>
    public static Rule? Find(string name) => byName.GetValueOrDefault(name);

    private static Rule Request(string name) => new(name, RequestAtFault: true);

    private static Rule State(string name) => new(name, RequestAtFault: false);
}
