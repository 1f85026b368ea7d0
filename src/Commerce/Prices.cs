using System.Globalization;
using Commerce.Contracts;

namespace Commerce;

/// <summary>What holds for every price, in the catalog or agreed on an order line.</summary>
public static class Prices
{
    /// <summary>Highest price per unit: an order of 100 lines of 10,000 units stays far inside a decimal.</summary>
    public const decimal Highest = 1_000_000_000m;

    internal static Decision? Check(string sku, Money price)
    {
        if (price.Amount <= 0)
        {
            return Decision.Reject(
                Rules.PriceNotPositive,
                string.Create(CultureInfo.InvariantCulture,
                    $"The price of {sku} must be above zero, was {price.Amount} {price.Currency}. Raise it."));
        }

        if (price.Amount > Highest)
        {
            return Decision.Reject(
                Rules.PriceTooHigh,
                string.Create(CultureInfo.InvariantCulture,
                    $"The price of {sku} must be at most {Highest}, was {price.Amount} {price.Currency}. Lower it."));
        }

        return null;
    }
}
