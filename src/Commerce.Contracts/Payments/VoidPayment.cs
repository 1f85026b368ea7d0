namespace Commerce.Contracts.Payments;

/// <summary>
/// Undoes the payment, whatever its state: an authorization is voided, a capture refunded, and an authorization that
/// is still awaited will be refused when it arrives.
/// </summary>
public sealed record VoidPayment(string Tenant, Guid OrderId, string Reason) : ICommerceCommand;

/// <param name="Amount">
/// What was held on the card; 0 where nothing was yet (currency XXX, ISO 4217's "none", where none was asked for).
/// </param>
public sealed record PaymentVoided(string Tenant, Guid OrderId, Money Amount, string Reason) : ICommerceEvent;

public sealed record PaymentRefunded(string Tenant, Guid OrderId, Money Amount, string Reason) : ICommerceEvent;

/// <summary>Reply to <see cref="VoidPayment"/>: nothing is held or taken for the order.</summary>
public sealed record PaymentVoidAnswered(string Tenant, Guid OrderId) : ICommerceMessage;
