using Commerce.Contracts;
using Commerce.Contracts.Analytics;
using QueryApi.Caching;
using QueryApi.Consistency;
using QueryApi.Paging;
using QueryApi.Stores;
using ServiceDefaults.Http;
using StackExchange.Redis;

namespace QueryApi.Analytics;

internal sealed record ListBestsellersRequest(int? Limit = null, string? Category = null) : Query;

internal sealed class ListBestsellersValidator : QueryValidator<ListBestsellersRequest>
{
    public ListBestsellersValidator()
    {
        RuleFor(request => request.Limit).IsPageSize();
        RuleForText(request => request.Category);
    }
}

/// <summary>What sells best, over all categories or in one; counted in units of completed orders.</summary>
internal sealed class ListBestsellers(RedisModels redis, Answers answers)
    : Endpoint<ListBestsellersRequest, Listing<Bestseller>>
{
    public override void Configure()
    {
        Get("/bestsellers");
        AllowAnonymous();
        Description(route => route.AsQuery("Analytics"));
        Summary(summary => summary.Summary = "The best-sold products, by units in completed orders.");
    }

    public override async Task HandleAsync(ListBestsellersRequest request, CancellationToken cancellationToken)
    {
        var tenant = HttpContext.Tenant();
        var source = new Source<Listing<Bestseller>>(
            ProjectionNames.Bestsellers,
            "There are no bestsellers.",
            cancellation => Read(tenant, request, cancellation),
            _ => [MadeOf.SalesOf(tenant)])
        {
            Shared = false,
        };
        await Send.ResultAsync(await answers.Give(HttpContext, request, source, cancellationToken));
    }

    private async Task<Reading<Listing<Bestseller>>> Read(
        string tenant, ListBestsellersRequest request, CancellationToken cancellationToken)
    {
        var ranking = request.Category is null ? $"all/{tenant}" : $"category/{tenant}/{request.Category}";
        var (best, mark) = await redis.Read(
            ProjectionNames.Bestsellers,
            (transaction, prefix) => transaction.SortedSetRangeByRankWithScoresAsync(
                $"{prefix}/{ranking}",
                0,
                (request.Limit ?? PageSize.Default) - 1,
                StackExchange.Redis.Order.Descending), // FastEndpoints has an Order too
            cancellationToken);
        if (best.Length == 0)
            return new Reading<Listing<Bestseller>>(new Listing<Bestseller>([]), mark);

        var names = await redis.ReadMore(
            ProjectionNames.Bestsellers,
            (database, prefix) => database.HashGetAsync(
                $"{prefix}/names/{tenant}", [.. best.Select(entry => entry.Element)]),
            cancellationToken);
        var items = best.Zip(names, (entry, name) => new Bestseller(
            entry.Element.ToString(), name.IsNull ? entry.Element.ToString() : name.ToString(), (long)entry.Score));
        return new Reading<Listing<Bestseller>>(new Listing<Bestseller>([.. items]), mark);
    }
}
