namespace Commerce.Contracts.Payments;

/// <summary>
/// The gateway approved: the amount is held on the card. Where the payment was undone meanwhile, the hold is
/// recorded and voided at once.
/// </summary>
/// <param name="Reference">The gateway's name for the hold.</param>
public sealed record RecordAuthorization(string Tenant, Guid OrderId, string Reference) : ICommerceCommand;
