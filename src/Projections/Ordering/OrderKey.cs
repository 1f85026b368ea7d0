namespace Projections.Ordering;

internal readonly record struct OrderKey(string Tenant, Guid OrderId);
