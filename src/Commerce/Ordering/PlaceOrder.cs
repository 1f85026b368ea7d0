using System.Globalization;
using Commerce.Contracts;
using Commerce.Contracts.Ordering;

namespace Commerce.Ordering;

public static partial class OrderDecider
{
    public const int MostLines = 100;
    public const int LargestQuantity = 10_000;

    /// <summary>Lowest total, in the order's own currency.</summary>
    public const decimal MinimumTotal = 10.00m;

    /// <param name="products">The products on the lines, by SKU; one that is missing is not in the catalog.</param>
    public static Decision Decide(
        Order order, PlaceOrder command, IReadOnlyDictionary<string, ProductFacts> products)
    {
        if (order.Status != OrderStatus.None)
        {
            return Decision.Reject(
                Rules.OrderIdTaken,
                $"There is an order {command.OrderId} already. Read that one, or place this one under another id.");
        }

        if (command.Lines.Count is < 1 or > MostLines)
        {
            return Decision.Reject(
                Rules.OrderLineCount,
                $"An order has 1 to {MostLines} lines, this one has {command.Lines.Count}. Split larger orders.");
        }

        return command.Lines.Select(line => Check(line, products)).FirstOrDefault(refusal => refusal is not null)
            ?? Place(command, [.. command.Lines.Select(line => AtItsPrice(line, products[line.Sku]))]);
    }

    private static Decision? Check(RequestedLine line, IReadOnlyDictionary<string, ProductFacts> products)
    {
        if (line.Quantity is < 1 or > LargestQuantity)
        {
            return Decision.Reject(
                Rules.QuantityOutOfRange,
                $"The quantity of {line.Sku} must be between 1 and {LargestQuantity}, was {line.Quantity}.");
        }

        if (!products.TryGetValue(line.Sku, out var product))
        {
            return Decision.Reject(
                Rules.ProductUnknown, $"Product {line.Sku} is not in the catalog. Correct the SKU or drop the line.");
        }

        if (product.Discontinued)
        {
            return Decision.Reject(
                Rules.ProductDiscontinued,
                $"Product {line.Sku} is discontinued and cannot be ordered. Drop the line or choose another product.");
        }

        return Prices.Check(line.Sku, line.AgreedPrice ?? product.Price);
    }

    private static OrderLine AtItsPrice(RequestedLine line, ProductFacts product) =>
        new(line.Sku, product.Name, product.Category, line.Quantity, line.AgreedPrice ?? product.Price);

    private static Decision Place(PlaceOrder command, IReadOnlyList<OrderLine> lines)
    {
        var currency = lines[0].UnitPrice.Currency;
        if (lines.FirstOrDefault(line => line.UnitPrice.Currency != currency) is { } other)
        {
            return Decision.Reject(
                Rules.CurrencyMismatch,
                $"An order has one currency: {lines[0].Sku} is in {currency}, "
                + $"{other.Sku} in {other.UnitPrice.Currency}. Place one order per currency.");
        }

        var total = new Money(lines.Sum(line => line.Quantity * line.UnitPrice.Amount), currency);
        if (total.Amount < MinimumTotal)
        {
            return Decision.Reject(
                Rules.OrderMinimumTotal,
                string.Create(CultureInfo.InvariantCulture,
                    $"The order comes to {total}; the minimum is {MinimumTotal} {currency}. Order more."));
        }

        return Decision.Accept(new OrderPlaced(
            command.Tenant,
            command.OrderId,
            command.CustomerId,
            lines,
            total,
            command.ShippingAddress,
            command.CardToken));
    }
}
