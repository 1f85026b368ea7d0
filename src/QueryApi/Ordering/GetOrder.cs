using Commerce.Contracts.Ordering;
using Projections.OnRead;
using QueryApi.Caching;
using QueryApi.Consistency;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Ordering;

internal sealed record GetOrderRequest(Guid OrderId) : Query;

internal sealed class GetOrderValidator() : QueryValidator<GetOrderRequest>(offersStrong: true);

/// <summary>The order page: lines, total, status and what happened so far.</summary>
internal sealed class GetOrder(ReadModels models, CommerceLog log, Answers answers) : Endpoint<GetOrderRequest, OrderDetails>
{
    private static readonly string Select = Sql.Of<GetOrder>();

    public override void Configure()
    {
        Get("/orders/{orderId}");
        AllowAnonymous();
        Description(route => route.AsQueryForOne("Ordering"));
        Summary(summary => summary.Summary = "An order with its lines, total, status and history.");
    }

    public override async Task HandleAsync(GetOrderRequest request, CancellationToken cancellationToken)
    {
        var (tenant, orderId) = (HttpContext.Tenant(), request.OrderId);
        var source = new Source<OrderDetails>(
            ProjectionNames.OrderDetails,
            $"There is no order {orderId}.",
            cancellation => Read(models, tenant, orderId, cancellation),
            _ => MadeOf.Order(tenant, orderId))
        {
            Strong = async cancellation =>
            {
                var (position, events) = await log.Read(ModelsOnRead.StreamsOfOrder(tenant, orderId), cancellation);
                return Reading.Strong(ModelsOnRead.OrderOf(tenant, orderId, events), position);
            },
        };
        await Send.ResultAsync(await answers.Give(HttpContext, request, source, cancellationToken));
    }

    /// <summary>One read of an order, for all that show one.</summary>
    public static Task<Reading<OrderDetails>> Read(
        ReadModels models, string tenant, Guid orderId, CancellationToken cancellationToken) =>
        models.Query(
            Select,
            [new() { Value = tenant }, new() { Value = orderId }],
            (reader, token) => reader.One(OrderRow.Read, token),
            cancellationToken);
}
