using Cli.Apis;

namespace Cli.Import;

/// <summary>Revenue of one country: the file's against the read models'.</summary>
/// <param name="Recorded">Amount in the file of the orders that were completed.</param>
/// <param name="ReadModel">Total of the same orders in the read model.</param>
internal sealed record CountryRevenue(string Country, int Orders, decimal Recorded, decimal ReadModel)
{
    public decimal Difference => ReadModel - Recorded;
}

internal sealed record ReasonCount(string Reason, int Count);

/// <summary>How the file compares with what the system holds after the import.</summary>
/// <param name="Unfinished">Orders without a final state when the import stopped waiting.</param>
/// <param name="Analytics">
/// Where the tenant's analytics hold exactly these orders, how far their revenue is from the file's; null where the
/// tenant has other completed orders too and the sums cannot be compared.
/// </param>
internal sealed record Reconciliation(
    int LinesRead,
    IReadOnlyList<ReasonCount> LinesRefused,
    int Invoices,
    int OrdersCompleted,
    IReadOnlyList<ReasonCount> OrdersRejected,
    IReadOnlyList<ReasonCount> OrdersCanceled,
    IReadOnlyList<string> Unfinished,
    IReadOnlyList<CountryRevenue> Revenue,
    decimal? Analytics)
{
    public decimal Difference => Revenue.Sum(country => Math.Abs(country.Difference));

    /// <summary>Everything is accounted for, to the penny.</summary>
    public bool Balanced => Difference == 0 && Analytics is null or 0 && Unfinished.Count == 0;

    public static Reconciliation Of(
        RetailFile file, IReadOnlyList<InvoiceResult> invoices, IReadOnlyList<RevenueRow> analytics)
    {
        var completed = invoices.Where(invoice => invoice.Order is { Completed: true }).ToList();
        return new(
            file.LinesRead,
            Count(file.Refused.Select(line => line.Reason)),
            invoices.Count,
            completed.Count,
            Count(invoices.Where(invoice => invoice.Rule is not null).Select(invoice => invoice.Rule!)),
            Count(invoices.Where(invoice => invoice.Order is { Final: true, Completed: false })
                .Select(invoice => invoice.Order!.Reason ?? "no reason given")),
            invoices.Where(invoice => invoice is { Rule: null, Order: not { Final: true } })
                .Select(invoice => invoice.Invoice).ToList(),
            completed.GroupBy(invoice => invoice.Country)
                .Select(country => new CountryRevenue(
                    country.Key,
                    country.Count(),
                    country.Sum(invoice => invoice.Recorded),
                    country.Sum(invoice => invoice.Order!.Total.Amount)))
                .OrderByDescending(country => country.Recorded)
                .ToList(),
            analytics.Sum(row => row.Orders) == completed.Count
                ? analytics.Sum(row => row.Amount) - completed.Sum(invoice => invoice.Recorded)
                : null);
    }

    private static List<ReasonCount> Count(IEnumerable<string> reasons) =>
        reasons.CountBy(reason => reason)
            .Select(entry => new ReasonCount(entry.Key, entry.Value))
            .OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Reason, StringComparer.Ordinal)
            .ToList();
}
