using Cli.Apis;
using Commerce.Contracts;

namespace Cli.Shop;

/// <summary>An order the shopper placed, for the log line.</summary>
internal sealed record Purchase(Guid OrderId, int Lines, CommandOutcome Outcome);

/// <summary>A customer who never tires: stocks a small shop, then places an order every few seconds.</summary>
internal sealed class Shopper(CommandClient commands, QueryClient queries, Random random)
{
    private const int LowStock = 50;
    private const int Refill = 500;

    /// <summary>Mostly good cards, so that every path of the fulfilment shows up now and then.</summary>
    private static readonly string[] Cards =
        ["tok_ok", "tok_ok", "tok_ok", "tok_ok", "tok_ok", "tok_ok", "tok_slow", "tok_flaky", "tok_declined"];

    private static readonly (string Sku, string Name, string Brand, string Category, decimal Price)[] Goods =
    [
        ("TEA-001", "Darjeeling first flush, 100 g", "Hillside", "Tea", 8.90m),
        ("TEA-002", "Smoked Lapsang, 100 g", "Hillside", "Tea", 7.40m),
        ("COF-001", "Espresso beans, 500 g", "Harbor", "Coffee", 12.50m),
        ("COF-002", "Filter roast, 500 g", "Harbor", "Coffee", 11.20m),
        ("POT-001", "Stoneware teapot, 1 l", "Kiln & Co", "Ware", 34.00m),
        ("CUP-001", "Cup with saucer", "Kiln & Co", "Ware", 9.75m),
        ("KET-001", "Gooseneck kettle", "Copperline", "Ware", 59.00m),
        ("BIS-001", "Butter shortbread tin", "Oatfield", "Pantry", 6.30m),
    ];

    /// <summary>Registers the goods and refills what is running out; repeating it changes nothing.</summary>
    public async Task Stock(CancellationToken cancellationToken)
    {
        foreach (var (sku, name, brand, category, price) in Goods)
        {
            var body = new { sku, name, brand, category, price = new Money(price, "GBP") };
            await commands.Send("products", body, $"shop-product-{sku}", cancellationToken);
        }

        var known = (await queries.Products(200, cancellationToken)).ToDictionary(product => product.Sku);
        foreach (var (sku, _, _, _, _) in Goods)
        {
            if (known.GetValueOrDefault(sku)?.Stock?.Available >= LowStock)
                continue;
            await commands.Send(
                $"stock/{sku}/receipts",
                new { quantity = Refill, reference = "refill" },
                $"shop-stock-{Guid.CreateVersion7()}",
                cancellationToken);
        }
    }

    public async Task<Purchase> Buy(CancellationToken cancellationToken)
    {
        var orderId = Guid.CreateVersion7();
        var lines = Goods
            .OrderBy(_ => random.Next())
            .Take(random.Next(1, 4))
            .Select(goods => new { sku = goods.Sku, quantity = random.Next(2, 5) })
            .ToArray();
        var body = new
        {
            orderId,
            customerId = $"shopper-{random.Next(1, 21)}",
            lines,
            shippingAddress = new { name = "Demo Shopper", line1 = "1 Main Street", city = "Bath", country = "GB" },
            payment = new { cardToken = Cards[random.Next(Cards.Length)] },
        };
        return new(orderId, lines.Length, await commands.Send("orders", body, $"shop-order-{orderId}", cancellationToken));
    }
}
