namespace Commerce.Contracts.Payments;

/// <summary>Takes the authorized amount.</summary>
public sealed record CapturePayment(string Tenant, Guid OrderId) : ICommerceCommand;

public sealed record PaymentCaptured(string Tenant, Guid OrderId, Money Amount) : ICommerceEvent;
