using Commerce.Contracts.Ordering;

namespace Commerce.Contracts.Shipping;

/// <summary>Asks the carrier to fetch the order. An order has one shipment; asking again changes nothing.</summary>
public sealed record RequestShipment(string Tenant, Guid OrderId, ShippingAddress Address) : ICommerceCommand;

public sealed record ShipmentRequested(string Tenant, Guid OrderId, ShippingAddress Address) : ICommerceEvent;

public sealed record ShipmentRefused(string Tenant, Guid OrderId, string Reason) : ICommerceEvent;
