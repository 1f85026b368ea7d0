namespace Commerce.Contracts.Shipping;

/// <summary>Calls a shipment off. Once dispatched it goes on, and the order counts as shipped.</summary>
public sealed record CancelShipment(string Tenant, Guid OrderId, string Reason) : ICommerceCommand;

public sealed record ShipmentCanceled(string Tenant, Guid OrderId, string Reason) : ICommerceEvent;
