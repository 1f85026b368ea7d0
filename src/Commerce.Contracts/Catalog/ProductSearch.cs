namespace Commerce.Contracts.Catalog;

/// <summary>A page of search results with the counts to narrow them by.</summary>
/// <param name="Total">Products that match, on all pages together.</param>
/// <param name="Next">Opaque cursor of the next page; null on the last page.</param>
public sealed record ProductPage(IReadOnlyList<ProductHit> Items, long Total, ProductFacets Facets, string? Next);

/// <summary>A product in a list of results.</summary>
public sealed record ProductHit(string Sku, string Name, string? Brand, string Category, Money Price);

/// <summary>
/// How many results each narrowing would leave. A facet ignores the filter on itself, so that with one category chosen
/// the others still show what they hold; it heeds the search text and all other filters.
/// </summary>
public sealed record ProductFacets(
    IReadOnlyList<FacetValue> Category, IReadOnlyList<FacetValue> Brand, IReadOnlyList<PriceFacet> Price);

public sealed record FacetValue(string Value, long Count);

/// <summary>
/// Products priced from <paramref name="From"/> (inclusive) to <paramref name="To"/> (exclusive; null: no end).
/// </summary>
public sealed record PriceFacet(decimal From, decimal? To, long Count);

/// <summary>A product whose name or SKU starts with what was typed.</summary>
public sealed record ProductSuggestion(string Sku, string Name);
