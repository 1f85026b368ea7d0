namespace Commerce.Contracts.Ordering;

/// <summary>Stock is reserved and the payment authorized: the order goes ahead.</summary>
public sealed record ConfirmOrder(string Tenant, Guid OrderId) : ICommerceCommand;

public sealed record OrderConfirmed(string Tenant, Guid OrderId) : ICommerceEvent;

/// <summary>Reply to <see cref="ConfirmOrder"/>.</summary>
/// <param name="Refusal">Why the order does not go ahead (the customer canceled it first); null when it does.</param>
public sealed record OrderConfirmationAnswered(string Tenant, Guid OrderId, string? Refusal) : ICommerceMessage;
