using System.Globalization;

namespace Commerce.Contracts;

/// <summary>An amount of one currency.</summary>
/// <param name="Amount">Major units (pounds, not pence), exact decimal.</param>
/// <param name="Currency">ISO 4217 code, three upper-case letters.</param>
public sealed record Money(decimal Amount, string Currency)
{
    /// <summary>Amount and code, as in <c>12.50 GBP</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount:0.00} {Currency}");
}
