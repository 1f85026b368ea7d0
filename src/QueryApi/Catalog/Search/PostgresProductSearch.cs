using System.Globalization;
using System.Text.Json;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Npgsql;
using NpgsqlTypes;
using QueryApi.Consistency;
using QueryApi.Stores;

namespace QueryApi.Catalog.Search;

/// <summary>
/// Search on PostgreSQL: its full text finds words and their stems, trigrams those that are misspelled. One statement
/// gives page, total and facets, all of one snapshot.
/// </summary>
internal sealed class PostgresProductSearch(ReadModels models) : IProductSearch
{
    private static readonly string SelectProducts = Sql.Of<PostgresProductSearch>();
    private static readonly string SelectSuggestions = Sql.Beside<PostgresProductSearch>("PostgresSuggestions");

    public string Engine => "postgres";

    public Task<Reading<ProductResults>> Search(ProductQuery query, CancellationToken cancellationToken) =>
        models.Query(
            SelectProducts,
            [
                new() { Value = query.Tenant },
                new() { Value = query.Words.All.ToArray() },
                new() { Value = query.Words.Needed },
                new() { Value = query.Words.Text },
                Optional(query.Category, NpgsqlDbType.Text),
                Optional(query.Brand, NpgsqlDbType.Text),
                Optional(query.MinPrice, NpgsqlDbType.Numeric),
                Optional(query.MaxPrice, NpgsqlDbType.Numeric),
                new() { Value = SortName(query) },
                Optional(query.After is null ? null : Number(query.After[0]), NpgsqlDbType.Numeric),
                Optional(query.After?[1], NpgsqlDbType.Text),
                Optional(query.After?[2], NpgsqlDbType.Text),
                new() { Value = query.Limit + 1 },
                new() { Value = PriceRanges.Starts },
            ],
            (reader, token) => reader.One(row => Results(row, query.Limit), token),
            cancellationToken);

    public Task<Reading<List<ProductSuggestion>>> Suggest(
        string tenant, string prefix, int limit, CancellationToken cancellationToken) =>
        models.Query(
            SelectSuggestions,
            [
                new() { Value = tenant },
                // The words are letters and digits alone: nothing in them means anything to a regular expression.
                new() { Value = SearchWords.Beginnings(prefix).Select(word => $@"\m{word}").ToArray() },
                new() { Value = Like(prefix.Trim().ToLowerInvariant()) },
                new() { Value = limit },
            ],
            (reader, token) => reader.Many(row => new ProductSuggestion(row.GetString(2), row.GetString(3)), token),
            cancellationToken);

    private static ProductResults Results(NpgsqlDataReader row, int limit)
    {
        var found = Json<List<Hit>>(row, 3);
        var more = found.Count > limit;
        var page = found.Take(limit).ToList();
        return new ProductResults(
            [.. page.Select(hit => new ProductHit(
                hit.Sku, hit.Name, hit.Brand, hit.Category, new Money(hit.Price, hit.Currency)))],
            Total: row.GetInt64(2),
            new ProductFacets(Json<List<FacetValue>>(row, 4), Json<List<FacetValue>>(row, 5), Prices(row)),
            more ? [page[^1].Number.ToString(CultureInfo.InvariantCulture), page[^1].Word, page[^1].Sku] : null);
    }

    private static List<PriceFacet> Prices(NpgsqlDataReader row) =>
    [
        .. Json<List<PriceCount>>(row, 6).Select(range =>
            new PriceFacet(PriceRanges.Starts[range.Range - 1], PriceRanges.End(range.Range - 1), range.Count)),
    ];

    private static string SortName(ProductQuery query) => query.Sort switch
    {
        ProductSort.PriceAscending => "price",
        ProductSort.PriceDescending => "-price",
        ProductSort.Relevance when query.Words.All.Count > 0 => "relevance",
        _ => "name",
    };

    private static string Like(string prefix) =>
        prefix.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal) + "%";

    private static object Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static NpgsqlParameter Optional(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static T Json<T>(NpgsqlDataReader row, int column) =>
        JsonSerializer.Deserialize<T>(row.GetString(column), JsonSerializerOptions.Web)!;

    /// <param name="Number">First part of the sort key: a price, a negative score, or 0.</param>
    /// <param name="Word">Second part: the name, or nothing.</param>
    private sealed record Hit(
        string Sku,
        string Name,
        string? Brand,
        string Category,
        decimal Price,
        string Currency,
        decimal Number,
        string Word);

    private sealed record PriceCount(int Range, long Count);
}
