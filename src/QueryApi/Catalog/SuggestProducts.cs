using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using FluentValidation;
using QueryApi.Caching;
using QueryApi.Catalog.Search;
using QueryApi.Consistency;
using QueryApi.Paging;
using ServiceDefaults.Http;

namespace QueryApi.Catalog;

/// <param name="Prefix">What was typed so far.</param>
internal sealed record SuggestProductsRequest(string? Prefix = null, int? Limit = null) : Query;

internal sealed class SuggestProductsValidator : QueryValidator<SuggestProductsRequest>
{
    public SuggestProductsValidator()
    {
        RuleFor(request => request.Prefix)
            .Must(prefix => !string.IsNullOrWhiteSpace(prefix))
            .WithMessage("is needed: what was typed so far, such as ?prefix=snow");
        RuleForText(request => request.Prefix);
        RuleFor(request => request.Limit).IsPageSize();
    }
}

/// <summary>Products to offer while someone types.</summary>
internal sealed class SuggestProducts(IProductSearch search, Answers answers)
    : Endpoint<SuggestProductsRequest, Listing<ProductSuggestion>>
{
    public override void Configure()
    {
        Get("/products/suggestions");
        AllowAnonymous();
        Description(route => route.AsQuery("Catalog"));
        Summary(summary =>
        {
            summary.Summary = "Products on sale that begin with what was typed.";
            summary.Description = "Each word typed begins a word of the name, or all of it begins the SKU.";
        });
    }

    public override async Task HandleAsync(SuggestProductsRequest request, CancellationToken cancellationToken)
    {
        var tenant = HttpContext.Tenant();
        var source = new Source<Listing<ProductSuggestion>>(
            ProjectionNames.ProductSearch,
            "There are no suggestions.",
            async cancellation => (await search.Suggest(
                tenant, request.Prefix!, request.Limit ?? PageSize.Default, cancellation)).AsListing(),
            _ => [MadeOf.ProductsOf(tenant)]);
        await Send.ResultAsync(await answers.Give(HttpContext, request, source, cancellationToken));
    }
}
