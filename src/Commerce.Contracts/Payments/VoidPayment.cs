namespace Commerce.Contracts.Payments;

/// <summary>
/// Undoes the payment, whatever its state: an authorization is voided, a capture refunded, and an authorization that
/// is still awaited will be refused when it arrives.
/// </summary>
public sealed record VoidPayment(string Tenant, Guid OrderId, string Reason) : ICommerceCommand;

public sealed record PaymentVoided(string Tenant, Guid OrderId, Money Amount, string Reason) : ICommerceEvent;

public sealed record PaymentRefunded(string Tenant, Guid OrderId, Money Amount, string Reason) : ICommerceEvent;
