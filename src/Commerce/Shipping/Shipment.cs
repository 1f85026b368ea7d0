using Commerce.Contracts.Shipping;

namespace Commerce.Shipping;

/// <summary>The shipment of one order.</summary>
/// <param name="TrackingNumber">The carrier's; null until the parcel is dispatched.</param>
public sealed record Shipment(ShipmentStatus Status, string? TrackingNumber)
{
    public static Shipment Initial { get; } = new(ShipmentStatus.None, null);

    /// <summary>The state after an event; events of other kinds leave it as it is.</summary>
    public static Shipment Evolve(Shipment shipment, object fact) => fact switch
    {
        ShipmentRequested => shipment with { Status = ShipmentStatus.Requested },
        ShipmentRefused => shipment with { Status = ShipmentStatus.Refused },
        ShipmentCanceled => shipment with { Status = ShipmentStatus.Canceled },
        ShipmentDispatched e => new Shipment(ShipmentStatus.Dispatched, e.TrackingNumber),
        ShipmentDelivered => shipment with { Status = ShipmentStatus.Delivered },
        _ => shipment,
    };
}

public enum ShipmentStatus
{
    None,

    /// <summary>The carrier is to fetch it.</summary>
    Requested,
    Refused,
    Canceled,

    /// <summary>The carrier has it; it cannot be stopped.</summary>
    Dispatched,
    Delivered,
}

/// <summary>The rules of shipping, one file per command.</summary>
public static partial class ShipmentDecider;
