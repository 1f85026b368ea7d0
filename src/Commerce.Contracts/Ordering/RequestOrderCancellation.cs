namespace Commerce.Contracts.Ordering;

/// <summary>
/// The customer wants out. Possible until the order has shipped; the fulfilment saga undoes what was done.
/// </summary>
public sealed record RequestOrderCancellation(string Tenant, Guid OrderId, string Reason) : ICommerceCommand;

public sealed record OrderCancellationRequested(string Tenant, Guid OrderId, string Reason) : ICommerceEvent;
