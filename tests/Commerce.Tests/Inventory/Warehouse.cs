using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Inventory;

namespace Commerce.Tests.Inventory;

/// <summary>Stock of several SKUs and the reservations of several orders: what a reservation is decided on.</summary>
internal sealed record Warehouse(Dictionary<string, StockItem> Items, Dictionary<Guid, Reservation> Reservations)
{
    public static Warehouse Empty => new([], []);

    public static Warehouse Evolve(Warehouse warehouse, object fact)
    {
        var next = new Warehouse(new(warehouse.Items), new(warehouse.Reservations));
        switch (fact)
        {
            case ReservationMade made:
                next.Reservations[made.OrderId] = Reservation.Evolve(warehouse.ReservationOf(made.OrderId), fact);
                break;
            case ReservationClosed closed:
                next.Reservations[closed.OrderId] = Reservation.Evolve(warehouse.ReservationOf(closed.OrderId), fact);
                break;
            case ICommerceEvent other:
                var sku = CommerceStreams.Of(other).Split('/')[^1];
                next.Items[sku] = StockItem.Evolve(warehouse.ItemOf(sku), fact);
                break;
        }

        return next;
    }

    public StockItem ItemOf(string sku) => Items.GetValueOrDefault(sku) ?? StockItem.Initial;

    public Decision Decide(ICommerceCommand command) => command switch
    {
        ReceiveStock receive => StockDecider.Decide(ItemOf(receive.Sku), receive, productKnown: true),
        AdjustStock adjust => StockDecider.Decide(ItemOf(adjust.Sku), adjust, productKnown: true),
        ReserveStock reserve => StockDecider.Decide(ReservationOf(reserve.OrderId), Items, reserve),
        ReleaseStock release => StockDecider.Decide(ReservationOf(release.OrderId), Items, release),
        ShipStock ship => StockDecider.Decide(Items, ship),
        _ => throw new ArgumentException($"{command} is no command of the warehouse.", nameof(command)),
    };

    private Reservation ReservationOf(Guid orderId) => Reservations.GetValueOrDefault(orderId) ?? Reservation.Initial;
}
