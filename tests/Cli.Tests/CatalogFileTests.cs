using Cli.Import;

namespace Cli.Tests;

public sealed class CatalogFileTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"catalog-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(path);

    [Fact]
    public async Task Products_are_read_and_get_a_SKU_from_their_number()
    {
        await File.WriteAllTextAsync(
            path,
            """[{ "Id": 7, "Type": "Bags", "Brand": "Daybird", "Name": "Rucksack", "Description": "30 l", "Price": 89.99 }]""",
            TestContext.Current.CancellationToken);

        var (entries, _) = await CatalogImport.Read(path, TestContext.Current.CancellationToken);

        var entry = Assert.Single(entries);
        Assert.Equal(new CatalogEntry(7, "Bags", "Daybird", "Rucksack", "30 l", 89.99m), entry);
        Assert.Equal("CAT-0007", entry.Sku);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{ \"Id\": 1 }")]
    [InlineData("[{ \"Id\": \"one\" }]")]
    public async Task What_is_no_catalog_is_refused_with_the_shape_expected(string content)
    {
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => CatalogImport.Read(path, TestContext.Current.CancellationToken));
        Assert.Contains("expected an array of { Id, Type, Brand, Name, Description, Price }", error.Message);
    }
}
