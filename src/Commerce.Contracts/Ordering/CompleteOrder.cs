namespace Commerce.Contracts.Ordering;

/// <summary>Shipped and paid.</summary>
public sealed record CompleteOrder(string Tenant, Guid OrderId) : ICommerceCommand;

/// <summary>Final.</summary>
public sealed record OrderCompleted(string Tenant, Guid OrderId) : ICommerceEvent;
