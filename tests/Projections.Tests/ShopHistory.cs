using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;

namespace Projections.Tests;

/// <summary>A plausible past: products, their stock, and orders in every state, interleaved as they happen.</summary>
internal static class ShopHistory
{
    private static readonly string[] Categories = ["Lighting", "Garden", "Kitchen"];
    private static readonly string[] Countries = ["United Kingdom", "France", "Germany"];

    /// <param name="seed">The same seed makes the same history, apart from ids.</param>
    public static IReadOnlyList<ICommerceEvent> Of(int products, int orders, int seed = 1)
    {
        var random = new Random(seed);
        var events = new List<ICommerceEvent>();
        for (var number = 0; number < products; number++)
        {
            var sku = Sku(number);
            var category = Categories[number % Categories.Length];
            events.Add(Shop.Registered(sku, $"Product {number}", category, 1.25m * (number + 1)));
            events.Add(Shop.Received(sku, 10_000, 10_000, 0));
        }

        // Each order is a queue of its events; taking from one at random interleaves them without reordering any.
        var open = Enumerable.Range(0, orders).Select(_ => new Queue<ICommerceEvent>(Order(random, products))).ToList();
        while (open.Count > 0)
        {
            var next = random.Next(open.Count);
            events.Add(open[next].Dequeue());
            if (open[next].Count == 0)
                open.RemoveAt(next);
        }

        return events;
    }

    private static string Sku(int number) => $"SKU-{number:0000}";

    private static IEnumerable<ICommerceEvent> Order(Random random, int products)
    {
        var order = Guid.CreateVersion7();
        var lines = Enumerable.Range(0, random.Next(1, 5))
            .Select(_ => random.Next(products))
            .Distinct()
            .Select(number => Shop.Line(Sku(number), random.Next(1, 9), 1.25m * (number + 1), Categories[number % 3]))
            .ToArray();
        var placed = Shop.Placed(
            order, $"customer-{random.Next(10)}", Countries[random.Next(Countries.Length)], lines);
        yield return placed;
        foreach (var line in lines)
            yield return Shop.Reserved(line.Sku, order, line.Quantity, 10_000, line.Quantity);
        yield return new PaymentRequested(Shop.Tenant, order, placed.Total, "tok_ok");
        if (random.Next(5) == 0)
        {
            yield return new PaymentDeclined(Shop.Tenant, order, "insufficient funds");
            foreach (var line in lines)
            {
                yield return new StockReleased(
                    Shop.Tenant, line.Sku, order, line.Quantity, new StockLevel(10_000, 0));
            }

            yield return Shop.Canceled(order);
            yield break;
        }

        yield return new PaymentAuthorized(Shop.Tenant, order, placed.Total, "reference");
        yield return Shop.Confirmed(order);
        yield return new ShipmentRequested(Shop.Tenant, order, Shop.Address());
        if (random.Next(5) == 0)
            yield break;
        yield return new ShipmentDispatched(Shop.Tenant, order, "TRACK-1");
        yield return Shop.Shipped(order);
        yield return new PaymentCaptured(Shop.Tenant, order, placed.Total);
        yield return Shop.Completed(order);
    }
}
