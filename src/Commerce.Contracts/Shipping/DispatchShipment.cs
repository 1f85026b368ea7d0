namespace Commerce.Contracts.Shipping;

/// <summary>The carrier reports that it has the parcel.</summary>
public sealed record DispatchShipment(string Tenant, Guid OrderId, string TrackingNumber) : ICommerceCommand;

public sealed record ShipmentDispatched(string Tenant, Guid OrderId, string TrackingNumber) : ICommerceEvent;
