namespace Commerce.Contracts.Shipping;

/// <summary>The carrier reports that the customer has the parcel.</summary>
public sealed record DeliverShipment(string Tenant, Guid OrderId) : ICommerceCommand;

public sealed record ShipmentDelivered(string Tenant, Guid OrderId) : ICommerceEvent;
