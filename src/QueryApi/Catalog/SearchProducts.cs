using System.ComponentModel;
using System.Globalization;
using Commerce.Contracts.Catalog;
using FluentValidation;
using QueryApi.Caching;
using QueryApi.Catalog.Search;
using QueryApi.Consistency;
using QueryApi.Paging;
using ServiceDefaults.Http;

namespace QueryApi.Catalog;

internal sealed record SearchProductsRequest : Query
{
    [Description("Words to find in name, brand, category and description; a few letters may be wrong.")]
    public string? Search { get; init; }

    public string? Category { get; init; }

    public string? Brand { get; init; }

    public decimal? MinPrice { get; init; }

    public decimal? MaxPrice { get; init; }

    [Description("relevance (the default), price, -price or name.")]
    public string? Sort { get; init; }

    [Description("1 to 200; 50 if not given.")]
    public int? Limit { get; init; }

    [Description("The 'next' of the page before.")]
    public string? Cursor { get; init; }

    /// <summary>Null where <see cref="Sort"/> is none.</summary>
    public ProductSort? Order() => Sort switch
    {
        null or "relevance" => ProductSort.Relevance,
        "price" => ProductSort.PriceAscending,
        "-price" => ProductSort.PriceDescending,
        "name" => ProductSort.Name,
        _ => null,
    };
}

internal sealed class SearchProductsValidator : QueryValidator<SearchProductsRequest>
{
    private const decimal HighestPrice = 1_000_000_000;

    public SearchProductsValidator()
    {
        RuleForText(request => request.Search);
        RuleForText(request => request.Category);
        RuleForText(request => request.Brand);
        RuleFor(request => request.MinPrice).InclusiveBetween(0, HighestPrice)
            .WithMessage($"must be between 0 and {HighestPrice}, was {{PropertyValue}}");
        RuleFor(request => request.MaxPrice).InclusiveBetween(0, HighestPrice)
            .WithMessage($"must be between 0 and {HighestPrice}, was {{PropertyValue}}");
        RuleFor(request => request.MaxPrice).Must((request, max) => !(max < request.MinPrice))
            .WithMessage(request => string.Create(
                CultureInfo.InvariantCulture,
                $"must not be below minPrice ({request.MinPrice}), was {request.MaxPrice}"));
        RuleFor(request => request.Sort).Must((request, _) => request.Order() is not null)
            .WithMessage("must be relevance, price, -price or name, was '{PropertyValue}'");
        RuleFor(request => request.Limit).IsPageSize();
    }
}

/// <summary>The search page: products on sale that match, page by page, with facets to narrow them by.</summary>
internal sealed class SearchProducts(IProductSearch search, Answers answers, Cursors cursors)
    : Endpoint<SearchProductsRequest, ProductPage>
{
    public override void Configure()
    {
        Get("/products");
        AllowAnonymous();
        Description(route => route.AsQuery("Catalog"));
        Summary(summary =>
        {
            summary.Summary = "Products on sale, by words, category, brand and price.";
            summary.Description =
                "A facet counts what each of its values would leave, heeding the words and all filters but the one on "
                + "itself. All words must match, from three on all but one.";
        });
    }

    public override async Task HandleAsync(SearchProductsRequest request, CancellationToken cancellationToken)
    {
        var list = NameOf(request);
        var after = request.Cursor is null ? null : cursors.Open(list, request.Cursor);
        if (request.Cursor is not null && after is null)
            ThrowError(query => query.Cursor, cursors.Refusal);

        var tenant = HttpContext.Tenant();
        var query = new ProductQuery(
            tenant, SearchWords.Of(request.Search), request.Category, request.Brand,
            request.MinPrice, request.MaxPrice, request.Order()!.Value, request.Limit ?? PageSize.Default, after);
        var source = new Source<ProductPage>(
            ProjectionNames.ProductSearch,
            "There are no products.",
            async cancellation => Page(await search.Search(query, cancellation), list),
            _ => [MadeOf.ProductsOf(tenant)]);
        await Send.ResultAsync(await answers.Give(HttpContext, request, source, cancellationToken));
    }

    private Reading<ProductPage> Page(Reading<ProductResults> found, string list)
    {
        var results = found.Value!;
        var next = results.LastKey is { } last ? cursors.Seal(list, last) : null;
        return new(new ProductPage(results.Items, results.Total, results.Facets, next), found.Mark, found.Stale);
    }

    /// <summary>All that decides what is in the list and in which order.</summary>
    private string NameOf(SearchProductsRequest request) => string.Create(
        CultureInfo.InvariantCulture,
        $"products\n{search.Engine}\n{HttpContext.Tenant()}\n{request.Search}\n{request.Category}\n{request.Brand}\n"
        + $"{request.MinPrice}\n{request.MaxPrice}\n{request.Order()}");
}
