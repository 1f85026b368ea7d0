using Commerce.Contracts;

namespace Workflows.Fulfilment;

/// <summary>A step's time is over. It counts only while the saga is still at that attempt of that step.</summary>
/// <param name="Limit">The time it had.</param>
public sealed record StepTimedOut(string Tenant, Guid OrderId, FulfilmentStep Step, int Attempt, TimeSpan Limit)
    : ICommerceMessage;
