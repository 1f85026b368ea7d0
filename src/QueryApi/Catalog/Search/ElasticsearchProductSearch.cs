using System.Text.Json;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using QueryApi.Consistency;
using ServiceDefaults.Http;

namespace QueryApi.Catalog.Search;

/// <summary>Search on Elasticsearch.</summary>
internal sealed class ElasticsearchProductSearch(ElasticsearchClient elasticsearch, Freshness freshness)
    : IProductSearch
{
    private const string Alias = "product-search";

    public string Engine => "elasticsearch";

    public async Task<Reading<ProductResults>> Search(ProductQuery query, CancellationToken cancellationToken)
    {
        var mark = Mark();
        using var answer = await elasticsearch.Search(Alias, ElasticsearchQueries.Search(query), cancellationToken);
        return new Reading<ProductResults>(Results(answer.RootElement, query.Limit), mark);
    }

    public async Task<Reading<List<ProductSuggestion>>> Suggest(
        string tenant, string prefix, int limit, CancellationToken cancellationToken)
    {
        var mark = Mark();
        using var answer = await elasticsearch.Search(
            Alias, ElasticsearchQueries.Suggest(tenant, prefix, limit), cancellationToken);
        return new Reading<List<ProductSuggestion>>(
            [.. Hits(answer.RootElement).Select(hit => hit.GetProperty("_source")).Select(source => new ProductSuggestion(
                source.GetProperty("sku").GetString()!, source.GetProperty("name").GetString()!))],
            mark);
    }

    /// <summary>
    /// What the index is known to hold, taken before the search: the projection refreshes the index before it tells of
    /// a position, so the search shows that much at least.
    /// </summary>
    private ReadMark Mark() => freshness.Last(ProjectionNames.ProductSearch) is { } known
        ? new ReadMark(freshness.Position(ProjectionNames.ProductSearch), known.StalenessNow)
        : throw new ServiceUnavailableException("The search index is not there yet: its projection makes it.");

    private static ProductResults Results(JsonElement answer, int limit)
    {
        var hits = Hits(answer).ToList();
        var page = hits.Take(limit).ToList();
        answer.TryGetProperty("aggregations", out var facets);
        return new ProductResults(
            [.. page.Select(hit => Product(hit.GetProperty("_source")))],
            answer.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64(),
            new ProductFacets(Values(facets, "category"), Values(facets, "brand"), Prices(facets)),
            hits.Count > limit
                ? [.. page[^1].GetProperty("sort").EnumerateArray().Select(key => key.GetRawText())]
                : null);
    }

    /// <summary>Where nothing is found, what is wanted of an answer leaves the list out.</summary>
    private static IEnumerable<JsonElement> Hits(JsonElement answer) =>
        answer.TryGetProperty("hits", out var found) && found.TryGetProperty("hits", out var hits)
            ? hits.EnumerateArray()
            : [];

    private static ProductHit Product(JsonElement source) => new(
        source.GetProperty("sku").GetString()!,
        source.GetProperty("name").GetString()!,
        source.TryGetProperty("brand", out var brand) ? brand.GetString() : null,
        source.GetProperty("category").GetString()!,
        new Money(source.GetProperty("price").GetDecimal(), source.GetProperty("currency").GetString()!));

    private static List<FacetValue> Values(JsonElement facets, string name) =>
    [
        .. Buckets(facets, name).Select(bucket =>
            new FacetValue(bucket.GetProperty("key").GetString()!, bucket.GetProperty("doc_count").GetInt64())),
    ];

    private static List<PriceFacet> Prices(JsonElement facets) =>
    [
        .. Buckets(facets, "price")
            .Select((bucket, i) => new PriceFacet(
                PriceRanges.Starts[i], PriceRanges.End(i), bucket.GetProperty("doc_count").GetInt64()))
            .Where(range => range.Count > 0),
    ];

    private static IEnumerable<JsonElement> Buckets(JsonElement facets, string name) =>
        facets.ValueKind == JsonValueKind.Object
            && facets.TryGetProperty(name, out var facet)
            && facet.GetProperty("values").TryGetProperty("buckets", out var values)
            ? values.EnumerateArray()
            : [];
}
