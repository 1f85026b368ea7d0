using Commerce.Contracts.Ordering;

namespace Workflows.Shipping;

/// <summary>The parcel service. Every call names the order and may be repeated.</summary>
internal interface ICarrier
{
    /// <summary>
    /// Books the collection. A carrier that takes it reports with <c>DispatchShipment</c> when it has the parcel and
    /// with <c>DeliverShipment</c> when the customer has it.
    /// </summary>
    /// <returns>Why it does not take the order; null where it does.</returns>
    Task<string?> Book(string tenant, Guid orderId, ShippingAddress address, CancellationToken cancellationToken);

    /// <summary>Calls the collection off.</summary>
    Task CallOff(string tenant, Guid orderId, CancellationToken cancellationToken);
}
