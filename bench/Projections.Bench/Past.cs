using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using EventStore;

namespace Projections.Bench;

/// <summary>
/// A shop's past: products, then orders of one to five lines, each carried through, many at the same time.
/// </summary>
internal static class Past
{
    private const string Tenant = "bench";
    private const int Products = 2_000;
    private const int AtOnce = 200;

    private static readonly string[] Categories = ["Lighting", "Garden", "Kitchen", "Toys", "Office"];
    private static readonly string[] Countries = ["United Kingdom", "France", "Germany", "EIRE"];

    /// <summary>Appends about so many events, a few hundred streams in one transaction.</summary>
    public static async Task<int> Write(PostgresEventStore log, int events)
    {
        var random = new Random(1);
        var written = 0;
        foreach (var some in Enumerable.Range(0, Products).Chunk(AtOnce))
        {
            written += await Append(log, [.. some.SelectMany(number => new ICommerceEvent[]
            {
                new ProductRegistered(
                    Tenant, Sku(number), $"Product number {number}", "Of white metal, boxed, for the mantelpiece",
                    "Daybird", Categories[number % Categories.Length], Price(number)),
                new StockReceived(Tenant, Sku(number), 10_000_000, null, new StockLevel(10_000_000, 0)),
            })]);
        }

        // Two appends under way, so that one encodes while the other is written.
        var before = Task.FromResult(0);
        while (written < events)
        {
            var steps = Enumerable.Range(0, AtOnce).Select(_ => Order(random)).ToList();
            foreach (var step in new Range[] { ..2, 2..4, 4.. })
            {
                written += await before;
                List<ICommerceEvent> next = [.. steps.SelectMany(order => order[step])];
                before = Append(log, next);
            }
        }

        return written + await before;
    }

    private static async Task<int> Append(PostgresEventStore log, IReadOnlyList<ICommerceEvent> events)
    {
        var streams = events.GroupBy(CommerceStreams.Of)
            .Select(stream => new StreamAppend(stream.Key, ExpectedVersion.Any, [.. stream]));
        var metadata = new EventMetadata(Guid.CreateVersion7(), Tenant, DateTimeOffset.UtcNow);
        var result = await log.Append(new AppendRequest([.. streams], metadata));
        return result is Appended ? events.Count : throw new InvalidOperationException($"Not appended: {result}");
    }


    private static OrderSteps Order(Random random)
    {
        var id = Guid.CreateVersion7();
        var numbers = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(Products)).Distinct().ToList();
        IReadOnlyList<OrderLine> lines =
        [
            .. numbers.Select(number => new OrderLine(
                Sku(number), $"Product number {number}", Categories[number % Categories.Length], random.Next(1, 9),
                Price(number))),
        ];
        var total = new Money(lines.Sum(line => line.Quantity * line.UnitPrice.Amount), "GBP");
        var address = new ShippingAddress(
            "Ada Lovelace", "12 St James's Square", null, "London", "SW1Y 4LE", Countries[random.Next(Countries.Length)]);
        var level = new StockLevel(9_999_000, 1_000);
        return new OrderSteps(
        [
            [new OrderPlaced(Tenant, id, $"C-{random.Next(20_000)}", lines, total, address, "tok_ok")],
            [.. lines.Select(line => new StockReserved(Tenant, line.Sku, id, line.Quantity, level))],
            [new PaymentRequested(Tenant, id, total, "tok_ok"), new PaymentAuthorized(Tenant, id, total, "ref-1")],
            [new OrderConfirmed(Tenant, id), new ShipmentRequested(Tenant, id, address)],
            [new ShipmentDispatched(Tenant, id, $"T-{id:N}"), new OrderShipped(Tenant, id, $"T-{id:N}")],
            [new PaymentCaptured(Tenant, id, total)],
            [.. lines.Select(line => new StockShipped(Tenant, line.Sku, id, line.Quantity, level))],
            [new OrderCompleted(Tenant, id), new ShipmentDelivered(Tenant, id)],
        ]);
    }

    private static string Sku(int number) => $"SKU-{number:00000}";

    private static Money Price(int number) => new(1.25m + number % 40, "GBP");

    private sealed record OrderSteps(IReadOnlyList<ICommerceEvent>[] All)
    {
        public IEnumerable<ICommerceEvent> this[Range steps] => All[steps].SelectMany(step => step);
    }
}
