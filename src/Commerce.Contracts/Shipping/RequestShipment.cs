using Commerce.Contracts.Ordering;

namespace Commerce.Contracts.Shipping;

/// <summary>Asks the carrier to fetch the order. An order has one shipment; asking again changes nothing.</summary>
/// <param name="CustomerId">Whose address it is; null in requests from before it was asked for.</param>
public sealed record RequestShipment(
    string Tenant, Guid OrderId, ShippingAddress Address, string? CustomerId = null) : ICommerceCommand;

/// <param name="CustomerId">Since version 2; null before.</param>
public sealed record ShipmentRequested(
    string Tenant, Guid OrderId, ShippingAddress Address, string? CustomerId = null) : ICommerceEvent;

public sealed record ShipmentRefused(string Tenant, Guid OrderId, string Reason) : ICommerceEvent;
