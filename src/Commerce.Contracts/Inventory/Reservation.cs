namespace Commerce.Contracts.Inventory;

/// <summary>
/// Every line of the order is reserved. Opens the order's reservation, so that reserving twice promises nothing twice.
/// </summary>
public sealed record ReservationMade(string Tenant, Guid OrderId, IReadOnlyList<StockLine> Lines) : ICommerceEvent;

/// <summary>
/// The order will not be given stock any more: a <see cref="ReserveStock"/> that arrives behind its
/// <see cref="ReleaseStock"/> is refused instead of holding units for an order that is gone.
/// </summary>
public sealed record ReservationClosed(string Tenant, Guid OrderId) : ICommerceEvent;
