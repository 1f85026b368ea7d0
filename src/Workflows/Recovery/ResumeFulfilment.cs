using Commerce.Contracts;

namespace Workflows.Recovery;

/// <summary>
/// Tells the saga that whatever it waits for may never come: its messages were on a broker that is gone. It sends the
/// commands of its step again and gives itself a new deadline.
/// </summary>
public sealed record ResumeFulfilment(string Tenant, Guid OrderId) : ICommerceMessage;
