using Commerce.Contracts.Ordering;
using Commerce.Contracts.Shipping;

namespace Commerce.Contracts;

/// <summary>Whose personal data an event holds: what <c>cqrs event-store erase --subject</c> takes.</summary>
public static class DataSubjects
{
    /// <summary>A customer of a tenant.</summary>
    public static string Customer(string tenant, string customerId) => $"customer/{tenant}/{customerId}";

    /// <summary>The person that the members marked as personal are about.</summary>
    /// <returns>Null where the event does not say: those members are then stored legibly.</returns>
    public static string? Of(ICommerceEvent fact) => fact switch
    {
        OrderPlaced e => Customer(e.Tenant, e.CustomerId),
        ShipmentRequested { CustomerId: { } customer } e => Customer(e.Tenant, customer),
        _ => null,
    };
}
