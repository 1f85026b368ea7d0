namespace Commerce.Contracts.Ordering;

/// <summary>Shipped and paid.</summary>
/// <param name="TrackingNumber">
/// The carrier's, should the order not have heard yet that it is shipped; null in messages from before there was one.
/// </param>
public sealed record CompleteOrder(string Tenant, Guid OrderId, string? TrackingNumber = null) : ICommerceCommand;

/// <summary>Final.</summary>
public sealed record OrderCompleted(string Tenant, Guid OrderId) : ICommerceEvent;
