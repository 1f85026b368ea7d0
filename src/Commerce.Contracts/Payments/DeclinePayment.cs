namespace Commerce.Contracts.Payments;

/// <summary>The gateway refused the card. Ignored unless an answer is awaited.</summary>
public sealed record DeclinePayment(string Tenant, Guid OrderId, string Reason) : ICommerceCommand;
