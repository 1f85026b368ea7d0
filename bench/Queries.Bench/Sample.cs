using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using EventStore;

namespace Queries.Bench;

/// <summary>A shop's history of a given size, the same at every run.</summary>
internal sealed class Sample(int products, int orders)
{
    public const string Tenant = "demo";
    private const int Together = 200;
    private const int Writers = 16;

    private static readonly string[] Kinds =
        ["Backpack", "Jacket", "Tent", "Lantern", "Snowboard", "Compass", "Helmet", "Boots", "Rope", "Goggles"];

    private static readonly string[] Looks =
        ["Storm", "Summit", "Alpine", "Trail", "Ridge", "Canyon", "Glacier", "Forest", "River", "Desert", "Polar"];

    private static readonly string[] Brands = ["Northpeak", "Zephyr", "Daybird", "Quester", "Wildrun", "Fenwick"];

    /// <summary>A query of each model, to wait for.</summary>
    public IReadOnlyList<string> OneOfEach =>
    [
        $"/products/{Sku(0)}", $"/orders/{Order(0)}", $"/customers/{Customer(0)}/orders", "/products?search=storm",
        $"/stock/{Sku(0)}", "/bestsellers", "/analytics/revenue",
    ];

    public string Sku(int i) => $"SKU-{i % products:D6}";

    public string Customer(int i) => $"C-{i % Math.Max(1, orders / 20):D6}";

    public string Words(int i) => $"{Looks[i % Looks.Length]}+{Kinds[i / Looks.Length % Kinds.Length]}";

    /// <summary>Ids that can be told from the number: the time of a UUIDv7 in front.</summary>
    public Guid Order(int i)
    {
        var n = i % orders;
        return new Guid($"0199{n:x8}"[..8] + $"-{n % 0x10000:x4}-7000-8000-{n:x12}");
    }

    public OrderPlaced Placed(Guid order, int i) => new(
        Tenant, order, Customer(i), [new OrderLine(Sku(i), $"Product {Sku(i)}", "Outdoor", 2, Price(i))],
        new Money(2 * Price(i).Amount, "GBP"),
        new ShippingAddress("Mary Anning", "10 Broad Street", null, "Lyme Regis", "DT7 3QD", "United Kingdom"), "tok_ok");

    /// <returns>The last position.</returns>
    public async Task<long> Append(IEventStore log, CancellationToken cancellationToken)
    {
        var last = 0L;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, products).Chunk(Together).Select(Registrations)
                .Concat(Enumerable.Range(0, orders).Chunk(Together).Select(Histories)),
            new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken },
            async (streams, cancellation) =>
            {
                var appended = (Appended)await log.Append(
                    new AppendRequest(streams, new EventMetadata(Guid.CreateVersion7(), Tenant, DateTimeOffset.UtcNow)),
                    cancellation);
                InterlockedMax(ref last, appended.Position);
            });
        return last;
    }

    private StreamAppend[] Registrations(int[] numbers) =>
    [
        .. numbers.SelectMany(i => new[]
        {
            new StreamAppend(CommerceStreams.Product(Tenant, Sku(i)), ExpectedVersion.NoStream, [new ProductRegistered(
                Tenant, Sku(i), $"{Words(i).Replace('+', ' ')} {i}", $"For {Looks[(i + 3) % Looks.Length]} days outside.",
                Brands[i % Brands.Length], $"{Kinds[i % Kinds.Length]}s", Price(i))]),
            new StreamAppend(CommerceStreams.Stock(Tenant, Sku(i)), ExpectedVersion.NoStream, [new StockReceived(
                Tenant, Sku(i), 1_000, null, new StockLevel(1_000, 0))]),
        }),
    ];

    private StreamAppend[] Histories(int[] numbers) =>
    [
        .. numbers.Select(i => new StreamAppend(CommerceStreams.Order(Tenant, Order(i)), ExpectedVersion.NoStream,
        [
            Placed(Order(i), i), new OrderConfirmed(Tenant, Order(i)), new OrderCompleted(Tenant, Order(i)),
        ])),
    ];

    private static Money Price(int i) => new(10 + (i * 37 % 99_000 / 100m), "GBP");

    private static void InterlockedMax(ref long value, long other)
    {
        var seen = Volatile.Read(ref value);
        while (other > seen && Interlocked.CompareExchange(ref value, other, seen) is var now && now != seen)
            seen = now;
    }
}
