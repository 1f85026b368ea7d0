namespace Projections.Ordering;

internal sealed record OrderKey(string Tenant, Guid OrderId);
