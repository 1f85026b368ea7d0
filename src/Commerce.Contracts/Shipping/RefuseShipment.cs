namespace Commerce.Contracts.Shipping;

/// <summary>The carrier will not fetch the order. Ignored unless its answer is awaited.</summary>
public sealed record RefuseShipment(string Tenant, Guid OrderId, string Reason) : ICommerceCommand;
