using Commerce.Contracts.Ordering;
using Commerce.Contracts.Shipping;

namespace Workflows.Shipping;

/// <summary>
/// A carrier that refuses the country XX, and dispatches all else at once and delivers it a little later.
/// </summary>
/// <param name="callbacks">Stands for the web hook through which a real carrier reports.</param>
internal sealed class SimulatedCarrier(IMessageSession callbacks) : ICarrier
{
    private static readonly TimeSpan OnTheRoad = TimeSpan.FromSeconds(10);

    public async Task<string?> Book(
        string tenant, Guid orderId, ShippingAddress address, CancellationToken cancellationToken)
    {
        if (address.Country == "XX")
            return "The carrier does not serve the country XX.";

        await callbacks.Send(
            new DispatchShipment(tenant, orderId, $"SIM-{orderId:N}"), new SendOptions(), cancellationToken);
        var later = new SendOptions();
        later.DelayDeliveryWith(OnTheRoad);
        await callbacks.Send(new DeliverShipment(tenant, orderId), later, cancellationToken);
        return null;
    }

    public Task CallOff(string tenant, Guid orderId, CancellationToken cancellationToken) => Task.CompletedTask;
}
