namespace Commerce.Contracts.Ordering;

/// <summary>The carrier has the parcel.</summary>
public sealed record ShipOrder(string Tenant, Guid OrderId, string TrackingNumber) : ICommerceCommand;

public sealed record OrderShipped(string Tenant, Guid OrderId, string TrackingNumber) : ICommerceEvent;
