using Projections.Catalog;
using Projections.Engine;
using Projections.Inventory;
using Projections.Ordering;
using Projections.Sales;

namespace Projections;

/// <summary>Every read model of Commerce, by the store that keeps it. A new one is listed here.</summary>
internal static class CommerceProjections
{
    /// <summary>The models of one endpoint.</summary>
    public static IReadOnlyList<IReadModel> In(StoreKind kind, Stores stores) => kind switch
    {
        StoreKind.Postgres =>
        [
            stores.Postgres(new ProductDetails()),
            stores.Postgres(new OrderDetails()),
            stores.Postgres(new CustomerOrders()),
            stores.Postgres(new Revenue()),
        ],
        StoreKind.Redis =>
        [
            stores.Redis(new StockLevels()),
            stores.Redis(new Bestsellers()),
        ],
        StoreKind.Search => [stores.Search(new ProductSearch())],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such store."),
    };
}
