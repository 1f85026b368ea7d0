using System.Globalization;
using System.Security.Cryptography;
using CsvHelper;
using CsvHelper.Configuration;

namespace Cli.Import;

/// <summary>
/// A file of invoice lines in the format of the Online Retail data set: <c>InvoiceNo, StockCode, Description, Quantity,
/// InvoiceDate, UnitPrice, CustomerID, Country</c> (D. Chen, UCI Machine Learning Repository, 2015).
/// </summary>
/// <param name="Fingerprint">Of the content: the same file again has the same.</param>
internal sealed record RetailFile(
    string Fingerprint, int LinesRead, IReadOnlyList<RetailLine> Sales, IReadOnlyList<RefusedLine> Refused)
{
    private static readonly string[] Columns =
        ["InvoiceNo", "StockCode", "Description", "Quantity", "UnitPrice", "CustomerID", "Country"];

    /// <param name="guest">Customer id for sales that name none; null refuses those lines.</param>
    /// <exception cref="InvalidDataException">A column is missing, or the file is no CSV.</exception>
    public static async Task<RetailFile> Read(string path, string? guest, CancellationToken cancellationToken)
    {
        var content = await File.ReadAllBytesAsync(path, cancellationToken);
        using var csv = new CsvReader(
            new StreamReader(new MemoryStream(content)),
            new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, BadDataFound = null });
        if (!await csv.ReadAsync() || !csv.ReadHeader())
            throw new InvalidDataException($"{path} is empty: expected a heading line with {string.Join(", ", Columns)}");
        if (Columns.Except(csv.HeaderRecord!).ToList() is { Count: > 0 } missing)
            throw new InvalidDataException($"{path} lacks the column(s) {string.Join(", ", missing)}");

        var sales = new List<RetailLine>();
        var refused = new List<RefusedLine>();
        var read = 0;
        while (await csv.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            read++;
            if (ReasonToRefuse(csv, guest) is { } reason)
                refused.Add(new(csv.Parser.RawRow, reason, csv.Parser.RawRecord.TrimEnd()));
            else
                sales.Add(ToLine(csv, guest));
        }

        return new(Convert.ToHexStringLower(SHA256.HashData(content))[..12], read, sales, refused);
    }

    private static string? ReasonToRefuse(CsvReader csv, string? guest)
    {
        var sku = Text(csv, "StockCode");
        if (Text(csv, "InvoiceNo") is not { Length: > 0 } invoice)
            return "missing invoice number";
        if (invoice.StartsWith('C'))
            return "cancellation";
        if (!int.TryParse(Text(csv, "Quantity"), CultureInfo.InvariantCulture, out var quantity))
            return "quantity is no whole number";
        if (quantity < 0)
            return "return";
        if (quantity is 0 or > 10_000)
            return "quantity outside 1 to 10000";
        if (!decimal.TryParse(Text(csv, "UnitPrice"), CultureInfo.InvariantCulture, out var price))
            return "price is no number";
        if (price == 0)
            return "zero price";
        if (price < 0)
            return "negative price";
        if (decimal.Round(price, 2) != price)
            return "price below a penny";
        if (Text(csv, "Description").Length == 0)
            return "missing description";
        if (sku.Length is 0 or > 40 || !sku.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            return "stock code is no SKU";
        if (Text(csv, "Country").Length == 0)
            return "missing country";
        return guest is null && Text(csv, "CustomerID").Length == 0 ? "missing customer" : null;
    }

    private static RetailLine ToLine(CsvReader csv, string? guest) => new(
        csv.Parser.RawRow,
        Text(csv, "InvoiceNo"),
        Text(csv, "StockCode"),
        Text(csv, "Description"),
        int.Parse(Text(csv, "Quantity"), CultureInfo.InvariantCulture),
        decimal.Parse(Text(csv, "UnitPrice"), CultureInfo.InvariantCulture),
        Text(csv, "CustomerID") is { Length: > 0 } customer ? WithoutFraction(customer) : guest!,
        Text(csv, "Country"));

    /// <summary>The data set writes customer numbers as decimals: 17850.0.</summary>
    private static string WithoutFraction(string customer) =>
        customer.EndsWith(".0", StringComparison.Ordinal) ? customer[..^2] : customer;

    private static string Text(CsvReader csv, string column) => csv.GetField(column) ?? "";
}
