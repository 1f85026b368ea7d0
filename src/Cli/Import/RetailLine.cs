namespace Cli.Import;

/// <summary>A sale as the file records it.</summary>
/// <param name="Number">Line number in the file, from 1, the heading included.</param>
internal sealed record RetailLine(
    int Number,
    string Invoice,
    string Sku,
    string Description,
    int Quantity,
    decimal UnitPrice,
    string Customer,
    string Country)
{
    public decimal Amount => Quantity * UnitPrice;
}

/// <summary>A line that is no sale, and why.</summary>
internal sealed record RefusedLine(int Number, string Reason, string Text);
