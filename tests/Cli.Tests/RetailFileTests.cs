using System.Text;
using Cli.Import;

namespace Cli.Tests;

public sealed class RetailFileTests : IDisposable
{
    private const string Heading = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

    private readonly string path = Path.Combine(Path.GetTempPath(), $"retail-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(path);

    [Fact]
    public async Task A_sale_is_read_with_its_line_number_and_amount()
    {
        var file = await Read("536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom");

        var sale = Assert.Single(file.Sales);
        Assert.Equal(new RetailLine(2, "536365", "85123A", "WHITE HANGING HEART", 6, 2.55m, "17850", "United Kingdom"), sale);
        Assert.Equal(15.30m, sale.Amount);
        Assert.Empty(file.Refused);
    }

    [Theory]
    [InlineData("C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,United Kingdom", "cancellation")]
    [InlineData("536589,21777,RECIPE BOX,-10,2010-12-01 16:50:00,1.25,17850.0,United Kingdom", "return")]
    [InlineData("536414,22139,TEA SET,56,2010-12-01 11:52:00,0.0,17850.0,United Kingdom", "zero price")]
    [InlineData("536414,22139,TEA SET,56,2010-12-01 11:52:00,-1.0,17850.0,United Kingdom", "negative price")]
    [InlineData("536414,22139,TEA SET,56,2010-12-01 11:52:00,0.001,17850.0,United Kingdom", "price below a penny")]
    [InlineData("536414,22139,TEA SET,56,2010-12-01 11:52:00,free,17850.0,United Kingdom", "price is no number")]
    [InlineData("536414,22139,,56,2010-12-01 11:52:00,1.0,17850.0,United Kingdom", "missing description")]
    [InlineData("536414,22139,TEA SET,56,2010-12-01 11:52:00,1.0,,United Kingdom", "missing customer")]
    [InlineData("536414,22139,TEA SET,56,2010-12-01 11:52:00,1.0,17850.0,", "missing country")]
    [InlineData("536414,BANK CHARGES,BANK CHARGES,1,2010-12-01 11:52:00,15.0,17850.0,United Kingdom", "stock code is no SKU")]
    [InlineData("536414,22139,TEA SET,10001,2010-12-01 11:52:00,1.0,17850.0,United Kingdom", "quantity outside 1 to 10000")]
    [InlineData("536414,22139,TEA SET,many,2010-12-01 11:52:00,1.0,17850.0,United Kingdom", "quantity is no whole number")]
    [InlineData(",22139,TEA SET,1,2010-12-01 11:52:00,1.0,17850.0,United Kingdom", "missing invoice number")]
    public async Task A_line_that_is_no_sale_is_refused_with_its_reason_and_number(string line, string reason)
    {
        var file = await Read(line);

        Assert.Empty(file.Sales);
        Assert.Equal(new RefusedLine(2, reason, line), Assert.Single(file.Refused));
    }

    [Fact]
    public async Task Sales_without_a_customer_go_to_the_guest_where_one_is_named()
    {
        var file = await Read("guest", "536414,22139,TEA SET,2,2010-12-01 11:52:00,1.0,,United Kingdom");

        Assert.Equal("guest", Assert.Single(file.Sales).Customer);
    }

    [Fact]
    public async Task A_quoted_description_keeps_its_commas_and_quotes()
    {
        var file = await Read("536365,22752,\"SET OF 3, \"\"RED\"\"\",2,2010-12-01 08:26:00,7.65,17850.0,United Kingdom");

        Assert.Equal("SET OF 3, \"RED\"", Assert.Single(file.Sales).Description);
    }

    [Fact]
    public async Task The_same_content_has_the_same_fingerprint_and_other_content_another()
    {
        const string line = "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom";
        var first = await Read(line);
        var again = await Read(line);
        var other = await Read(line.Replace("HEART", "STAR"));

        Assert.Equal(first.Fingerprint, again.Fingerprint);
        Assert.NotEqual(first.Fingerprint, other.Fingerprint);
    }

    [Fact]
    public async Task A_missing_column_is_named()
    {
        await File.WriteAllTextAsync(path, "InvoiceNo,StockCode\n1,2\n", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => RetailFile.Read(path, null, TestContext.Current.CancellationToken));
        Assert.Contains("Description, Quantity, UnitPrice, CustomerID, Country", error.Message);
    }

    [Fact]
    public async Task An_empty_file_is_refused()
    {
        await File.WriteAllTextAsync(path, "", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => RetailFile.Read(path, null, TestContext.Current.CancellationToken));
        Assert.Contains("is empty", error.Message);
    }

    private Task<RetailFile> Read(string line) => Read(null, line);

    private async Task<RetailFile> Read(string? guest, string line)
    {
        await File.WriteAllTextAsync(path, $"{Heading}\n{line}\n", Encoding.UTF8, TestContext.Current.CancellationToken);
        return await RetailFile.Read(path, guest, TestContext.Current.CancellationToken);
    }
}
