using Commerce.Contracts;
using Commerce.Contracts.Analytics;
using FluentValidation;
using Npgsql;
using QueryApi.Caching;
using QueryApi.Consistency;
using QueryApi.Paging;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Analytics;

/// <param name="From">First day, inclusive; the beginning of time if not given.</param>
/// <param name="To">Last day, inclusive; the end of time if not given.</param>
internal sealed record GetRevenueRequest(DateOnly? From = null, DateOnly? To = null, string? GroupBy = null) : Query;

internal sealed class GetRevenueValidator : QueryValidator<GetRevenueRequest>
{
    public GetRevenueValidator()
    {
        RuleFor(request => request.GroupBy)
            .Must(grouping => grouping is null or "day" or "category" or "country")
            .WithMessage("must be day, category or country, was '{PropertyValue}'");
        RuleFor(request => request.To)
            .Must((request, to) => !(to < request.From))
            .WithMessage(request =>
                $"must not be before from ({request.From:yyyy-MM-dd}), was {request.To:yyyy-MM-dd}");
    }
}

/// <summary>Revenue of completed orders, by day, category or country.</summary>
internal sealed class GetRevenue(ReadModels models, Answers answers) : Endpoint<GetRevenueRequest, Listing<Revenue>>
{
    private static readonly string Select = Sql.Of<GetRevenue>();

    public override void Configure()
    {
        Get("/analytics/revenue");
        AllowAnonymous();
        Description(route => route.AsQuery("Analytics"));
        Summary(summary =>
        {
            summary.Summary = "Revenue of completed orders in a span of days.";
            summary.Description =
                "An order counts on the day it was completed (UTC). Grouped by category, it counts once in each of its "
                + "categories, with the amount of the lines in it.";
        });
    }

    public override async Task HandleAsync(GetRevenueRequest request, CancellationToken cancellationToken)
    {
        var tenant = HttpContext.Tenant();
        var source = new Source<Listing<Revenue>>(
            ProjectionNames.Revenue,
            "There is no revenue.",
            async cancellation => (await models.Query(
                Select,
                [
                    new() { Value = tenant },
                    new() { Value = request.GroupBy ?? "day" },
                    new() { Value = request.From ?? DateOnly.MinValue },
                    new() { Value = request.To ?? DateOnly.MaxValue },
                ],
                (reader, token) => reader.Many(Read, token),
                cancellation)).AsListing(),
            _ => [MadeOf.SalesOf(tenant)]);
        await Send.ResultAsync(await answers.Give(HttpContext, request, source, cancellationToken));
    }

    private static Revenue Read(NpgsqlDataReader row) =>
        new(row.GetString(2), row.GetInt64(3), row.GetDecimal(4), row.GetString(5));
}
