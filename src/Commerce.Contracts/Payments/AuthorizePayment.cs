namespace Commerce.Contracts.Payments;

/// <summary>Holds the amount on the card. An order has one payment; asking again changes nothing.</summary>
public sealed record AuthorizePayment(string Tenant, Guid OrderId, Money Amount, string CardToken) : ICommerceCommand;

public sealed record PaymentRequested(string Tenant, Guid OrderId, Money Amount, string CardToken) : ICommerceEvent;

public sealed record PaymentAuthorized(string Tenant, Guid OrderId, Money Amount, string Reference) : ICommerceEvent;

public sealed record PaymentDeclined(string Tenant, Guid OrderId, string Reason) : ICommerceEvent;
