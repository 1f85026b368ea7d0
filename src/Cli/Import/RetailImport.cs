using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Cli.Apis;
using Commerce.Contracts;

namespace Cli.Import;

/// <summary>What became of one invoice.</summary>
/// <param name="Recorded">Amount of the invoice's sales in the file.</param>
/// <param name="Order">The order as the read model has it; null where it was refused or never showed.</param>
/// <param name="Rule">The rule that refused it; null where it was placed.</param>
internal sealed record InvoiceResult(
    string Invoice, string Country, decimal Recorded, OrderAnswer? Order, string? Rule, string? Message);

/// <summary>
/// Brings a file of invoices in through the command API: products, stock for all they sold, one order per invoice.
/// Every command has an idempotency key made from the file and the row, so a second run repeats answers, not effects.
/// </summary>
internal sealed class RetailImport(
    CommandClient commands, QueryClient queries, RetailFile file, string tenant, int inFlight, TimeSpan finalWithin)
{
    private const string Currency = "GBP";
    private const int LargestReceipt = 1_000_000;
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    public async Task<IReadOnlyList<InvoiceResult>> Run(IImportProgress progress, CancellationToken cancellationToken)
    {
        var products = file.Sales.GroupBy(line => line.Sku).Select(lines => lines.ToList()).ToList();
        await Each("products", products, progress, RegisterProduct, cancellationToken);
        await Each("stock", products, progress, ReceiveStock, cancellationToken);

        var invoices = file.Sales.GroupBy(line => line.Invoice).Select(lines => lines.ToList()).ToList();
        var placed = new ConcurrentDictionary<string, CommandOutcome>();
        await Each(
            "orders",
            invoices,
            progress,
            async (lines, token) => placed[lines[0].Invoice] = await PlaceOrder(lines, token),
            cancellationToken);

        var results = new ConcurrentBag<InvoiceResult>();
        var deadline = DateTimeOffset.UtcNow + finalWithin;
        await Each(
            "fulfilment",
            invoices,
            progress,
            async (lines, token) => results.Add(await Follow(lines, placed[lines[0].Invoice], deadline, token)),
            cancellationToken);
        return results.OrderBy(result => result.Invoice, StringComparer.Ordinal).ToList();
    }

    private async Task RegisterProduct(List<RetailLine> lines, CancellationToken cancellationToken)
    {
        var first = lines[0];
        var body = new
        {
            sku = first.Sku,
            name = first.Description,
            category = "Retail",
            price = new Money(first.UnitPrice, Currency),
        };
        Expect(
            await commands.Send("products", body, Key("product", first.Sku), cancellationToken),
            $"product {first.Sku}",
            "sku-taken");
    }

    private async Task ReceiveStock(List<RetailLine> lines, CancellationToken cancellationToken)
    {
        var sku = lines[0].Sku;
        var needed = lines.Sum(line => line.Quantity);
        for (var part = 0; part * LargestReceipt < needed; part++)
        {
            var quantity = Math.Min(LargestReceipt, needed - part * LargestReceipt);
            var body = new { quantity, reference = $"retail {file.Fingerprint}" };
            var outcome = await commands.Send(
                $"stock/{Uri.EscapeDataString(sku)}/receipts", body, Key("stock", $"{sku}/{part}"), cancellationToken);
            Expect(outcome, $"stock of {sku}");
        }
    }

    private Task<CommandOutcome> PlaceOrder(List<RetailLine> lines, CancellationToken cancellationToken)
    {
        var first = lines[0];
        var body = new
        {
            orderId = OrderId(first.Invoice),
            customerId = first.Customer,
            lines = lines.Select(line => new
            {
                sku = line.Sku,
                quantity = line.Quantity,
                agreedPrice = new Money(line.UnitPrice, Currency),
            }),
            shippingAddress = new
            {
                name = $"Customer {first.Customer}",
                line1 = $"Invoice {first.Invoice}",
                city = first.Country,
                country = first.Country,
            },
            payment = new { cardToken = "tok_ok" },
        };
        return commands.Send("orders", body, Key("order", first.Invoice), cancellationToken);
    }

    /// <summary>Waits until the order has a final state in the read model.</summary>
    private async Task<InvoiceResult> Follow(
        List<RetailLine> lines, CommandOutcome outcome, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var (invoice, country) = (lines[0].Invoice, lines[0].Country);
        var recorded = lines.Sum(line => line.Amount);
        if (!outcome.Done)
            return new(invoice, country, recorded, null, outcome.Rule, outcome.Message);

        var order = await queries.FindOrder(OrderId(invoice), cancellationToken);
        while (order is not { Final: true } && DateTimeOffset.UtcNow < deadline)
        {
            await Task.Delay(PollEvery, cancellationToken);
            order = await queries.FindOrder(OrderId(invoice), cancellationToken);
        }

        return new(invoice, country, recorded, order, null, null);
    }

    private async Task Each<T>(
        string step,
        IReadOnlyCollection<T> items,
        IImportProgress progress,
        Func<T, CancellationToken, Task> work,
        CancellationToken cancellationToken)
    {
        progress.Begin(step, items.Count);
        var options = new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(items, options, async (item, token) =>
        {
            await work(item, token);
            progress.Advance(step);
        });
    }

    private static void Expect(CommandOutcome outcome, string what, string? acceptedRule = null)
    {
        if (!outcome.Done && outcome.Rule != acceptedRule)
            throw new InvalidDataException($"{what} was refused ({outcome.Rule}): {outcome.Message}");
    }

    private string Key(string kind, string id) => $"retail-{file.Fingerprint}-{kind}-{id}";

    /// <summary>The same invoice of the same tenant is always the same order (UUID version 8, from a hash).</summary>
    private Guid OrderId(string invoice)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"retail/{tenant}/{invoice}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
