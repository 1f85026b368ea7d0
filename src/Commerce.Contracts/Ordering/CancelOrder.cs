namespace Commerce.Contracts.Ordering;

/// <summary>Ends an order whose fulfilment was refused, timed out or canceled, after everything was undone.</summary>
public sealed record CancelOrder(string Tenant, Guid OrderId, string Reason) : ICommerceCommand;

/// <summary>Final.</summary>
public sealed record OrderCanceled(string Tenant, Guid OrderId, string Reason) : ICommerceEvent;
