namespace Commerce.Contracts.Ordering;

/// <summary>Stock is reserved and the payment authorized: the order goes ahead.</summary>
public sealed record ConfirmOrder(string Tenant, Guid OrderId) : ICommerceCommand;

public sealed record OrderConfirmed(string Tenant, Guid OrderId) : ICommerceEvent;
