using System.Security.Cryptography;
using System.Text.Json;
using Cli.Apis;
using Commerce.Contracts;

namespace Cli.Import;

/// <summary>A product of a catalog file.</summary>
internal sealed record CatalogEntry(
    int Id, string Type, string Brand, string Name, string? Description, decimal Price)
{
    /// <summary>The file has no SKU: its number gives one.</summary>
    public string Sku => $"CAT-{Id:0000}";
}

/// <summary>A product that was not registered as the file has it, and why.</summary>
internal sealed record RefusedEntry(string Sku, string Rule, string Message);

/// <summary>Counts of a catalog import.</summary>
internal sealed record CatalogResult(int Read, int Registered, IReadOnlyList<RefusedEntry> Refused);

/// <summary>
/// Registers the products of a JSON file (an array of <c>Id, Type, Brand, Name, Description, Price</c>) with an opening
/// stock each. Repeating it repeats the answers, not the effects.
/// </summary>
internal sealed class CatalogImport(
    CommandClient commands, IReadOnlyList<CatalogEntry> entries, string fingerprint, int openingStock, int inFlight)
{
    private const string Currency = "USD";

    /// <exception cref="InvalidDataException">The file is no such JSON.</exception>
    public static async Task<(IReadOnlyList<CatalogEntry> Entries, string Fingerprint)> Read(
        string path, CancellationToken cancellationToken)
    {
        var content = await File.ReadAllBytesAsync(path, cancellationToken);
        try
        {
            var entries = JsonSerializer.Deserialize<List<CatalogEntry>>(content, JsonSerializerOptions.Web) ?? [];
            return (entries, Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"{path} is no catalog: expected an array of {{ Id, Type, Brand, Name, Description, Price }}; " +
                exception.Message,
                exception);
        }
    }

    public async Task<CatalogResult> Run(IImportProgress progress, CancellationToken cancellationToken)
    {
        var refused = new System.Collections.Concurrent.ConcurrentBag<RefusedEntry>();
        progress.Begin("products", entries.Count);
        var options = new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(entries, options, async (entry, token) =>
        {
            if (await Register(entry, token) is { Done: false } refusal)
                refused.Add(new(entry.Sku, refusal.Rule!, refusal.Message ?? ""));
            progress.Advance("products");
        });
        return new(entries.Count, entries.Count - refused.Count, refused.OrderBy(entry => entry.Sku).ToList());
    }

    private async Task<CommandOutcome> Register(CatalogEntry entry, CancellationToken cancellationToken)
    {
        var product = new
        {
            sku = entry.Sku,
            name = entry.Name,
            description = entry.Description,
            brand = entry.Brand,
            category = entry.Type,
            price = new Money(entry.Price, Currency),
        };
        var registered = await commands.Send("products", product, Key("product", entry), cancellationToken);
        if (!registered.Done || openingStock == 0)
            return registered;
        return await commands.Send(
            $"stock/{entry.Sku}/receipts",
            new { quantity = openingStock, reference = $"catalog {fingerprint}" },
            Key("stock", entry),
            cancellationToken);
    }

    private string Key(string kind, CatalogEntry entry) => $"catalog-{fingerprint}-{kind}-{entry.Sku}";
}
