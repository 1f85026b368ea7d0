using Commerce.Contracts.Inventory;

namespace Commerce.Inventory;

/// <summary>
/// Whether an order holds stock, over all its SKUs. The stock of a SKU forgets an order that has given its units back;
/// this does not, so a reservation that arrives after its release is refused.
/// </summary>
public sealed record Reservation(ReservationStatus Status)
{
    public static Reservation Initial { get; } = new(ReservationStatus.None);

    /// <summary>The state after an event; events of other kinds leave it as it is.</summary>
    public static Reservation Evolve(Reservation reservation, object fact) => fact switch
    {
        ReservationMade => new Reservation(ReservationStatus.Made),
        ReservationClosed => new Reservation(ReservationStatus.Closed),
        _ => reservation,
    };
}

public enum ReservationStatus
{
    None,
    Made,
    Closed,
}
