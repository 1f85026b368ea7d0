using Commerce.Contracts.Inventory;
using Projections.Catalog;
using Projections.Engine;
using Projections.Engine.Redis;

namespace Projections.Inventory;

/// <summary>
/// Stock by SKU for whoever needs it fast. Every stock event carries the level, so none is ever added up.
/// </summary>
internal sealed class StockLevels : Projection<ProductKey, StockLevel>
{
    public StockLevels()
        : base("stock-levels", version: 1)
    {
        Start<StockReceived>(e => new(e.Tenant, e.Sku), (e, _) => e.Level);
        Start<StockAdjusted>(e => new(e.Tenant, e.Sku), (e, _) => e.Level);
        Start<StockReserved>(e => new(e.Tenant, e.Sku), (e, _) => e.Level);
        Start<StockReleased>(e => new(e.Tenant, e.Sku), (e, _) => e.Level);
        Start<StockShipped>(e => new(e.Tenant, e.Sku), (e, _) => e.Level);
    }

    public override RedisStorage<ProductKey, StockLevel> Redis { get; } = new(
        Key: product => $"/{product.Tenant}/{product.Sku}",
        Fields: level => [("onHand", level.OnHand), ("reserved", level.Reserved), ("available", level.Available)]);
}
