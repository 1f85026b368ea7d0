using Commerce.Contracts.Ordering;
using QueryApi.Consistency;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Ordering;

internal sealed record GetOrderRequest(Guid OrderId) : Query;

internal sealed class GetOrderValidator : QueryValidator<GetOrderRequest>;

/// <summary>The order page: lines, total, status and what happened so far.</summary>
internal sealed class GetOrder(ReadModels models, Answers answers) : Endpoint<GetOrderRequest, OrderDetails>
{
    private static readonly string Select = Sql.Of<GetOrder>();

    public override void Configure()
    {
        Get("/orders/{orderId}");
        AllowAnonymous();
        Description(route => route.AsQueryForOne("Ordering"));
        Summary(summary => summary.Summary = "An order with its lines, total, status and history.");
    }

    public override async Task HandleAsync(GetOrderRequest request, CancellationToken cancellationToken) =>
        await Send.ResultAsync(await answers.Give(
            HttpContext,
            request,
            ProjectionNames.OrderDetails,
            $"There is no order {request.OrderId}.",
            cancellation => Read(models, HttpContext.Tenant(), request.OrderId, cancellation),
            cancellationToken));

    /// <summary>One read of an order, for all that show one.</summary>
    public static Task<Reading<OrderDetails>> Read(
        ReadModels models, string tenant, Guid orderId, CancellationToken cancellationToken) =>
        models.Query(
            Select,
            [new() { Value = tenant }, new() { Value = orderId }],
            (reader, token) => reader.One(OrderRow.Read, token),
            cancellationToken);
}
