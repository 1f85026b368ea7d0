using System.Collections.Immutable;
using Commerce.Contracts.Inventory;

namespace Commerce.Inventory;

/// <summary>The stock of one SKU. Invariant: 0 ≤ reserved ≤ on hand ≤ <see cref="Highest"/>.</summary>
/// <param name="Exists">False until the first units are booked.</param>
/// <param name="Level">Units in the warehouse and how many of them are promised.</param>
/// <param name="Reservations">Units promised to each order that has neither shipped nor given them back.</param>
public sealed record StockItem(bool Exists, StockLevel Level, ImmutableSortedDictionary<Guid, int> Reservations)
{
    /// <summary>Units of one SKU that the warehouse can hold.</summary>
    public const int Highest = 1_000_000_000;

    /// <summary>Available units at or below which a SKU counts as low.</summary>
    public const int LowThreshold = 10;

    public static StockItem Initial { get; } =
        new(false, new StockLevel(0, 0), ImmutableSortedDictionary<Guid, int>.Empty);

    /// <summary>The state after an event; events of other kinds leave it as it is.</summary>
    public static StockItem Evolve(StockItem item, object fact) => fact switch
    {
        StockReceived e => item with { Exists = true, Level = e.Level },
        StockAdjusted e => item with { Exists = true, Level = e.Level },
        StockReserved e => item with
        {
            Level = e.Level,
            Reservations = item.Reservations.SetItem(
                e.OrderId, item.Reservations.GetValueOrDefault(e.OrderId) + e.Quantity),
        },
        StockReleased e => item with { Level = e.Level, Reservations = item.Reservations.Remove(e.OrderId) },
        StockShipped e => item with { Level = e.Level, Reservations = item.Reservations.Remove(e.OrderId) },
        _ => item,
    };
}
