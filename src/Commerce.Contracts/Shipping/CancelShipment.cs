namespace Commerce.Contracts.Shipping;

/// <summary>Calls a shipment off. Once dispatched it goes on, and the order counts as shipped.</summary>
public sealed record CancelShipment(string Tenant, Guid OrderId, string Reason) : ICommerceCommand;

public sealed record ShipmentCanceled(string Tenant, Guid OrderId, string Reason) : ICommerceEvent;

/// <summary>Reply to <see cref="CancelShipment"/>.</summary>
/// <param name="TrackingNumber">Of the parcel that is on its way and could not be stopped; null when it was.</param>
public sealed record ShipmentCancelAnswered(string Tenant, Guid OrderId, string? TrackingNumber) : ICommerceMessage;
