using Commerce.Contracts;

namespace Workflows.Fulfilment;

/// <summary>Asks the saga to look at the clock: is the current step overdue?</summary>
/// <param name="At">When it was to look. Where it has asked for an earlier look since, this one is ignored.</param>
public sealed record DeadlineCheck(string Tenant, Guid OrderId, DateTimeOffset At) : ICommerceMessage;
