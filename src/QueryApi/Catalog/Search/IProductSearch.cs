using Commerce.Contracts.Catalog;
using QueryApi.Consistency;

namespace QueryApi.Catalog.Search;

/// <summary>
/// Full-text search over a tenant's products that are on sale. Elasticsearch where it is configured, PostgreSQL
/// otherwise; docs/query-api.md says what holds for both, and one suite of tests holds them to it.
/// </summary>
internal interface IProductSearch
{
    /// <summary>Names the engine: its scores, and so its cursors, mean nothing to another.</summary>
    string Engine { get; }

    Task<Reading<ProductResults>> Search(ProductQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Products on sale whose name has, for each word typed, one that begins so, or whose SKU begins so.
    /// </summary>
    Task<Reading<List<ProductSuggestion>>> Suggest(
        string tenant, string prefix, int limit, CancellationToken cancellationToken);
}

/// <param name="Words">What to search for; none: all products.</param>
/// <param name="After">Sort key of the last product seen; null: from the first.</param>
internal sealed record ProductQuery(
    string Tenant,
    SearchWords Words,
    string? Category,
    string? Brand,
    decimal? MinPrice,
    decimal? MaxPrice,
    ProductSort Sort,
    int Limit,
    IReadOnlyList<string>? After);

internal enum ProductSort
{
    /// <summary>Best match first; by name where nothing is searched for.</summary>
    Relevance,
    PriceAscending,
    PriceDescending,
    Name,
}

/// <param name="LastKey">Sort key of the last item, if there are more; null on the last page.</param>
internal sealed record ProductResults(
    IReadOnlyList<ProductHit> Items, long Total, ProductFacets Facets, IReadOnlyList<string>? LastKey);
