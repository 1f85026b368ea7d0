using System.ComponentModel;
using QueryApi.Consistency;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi.Ordering;

internal sealed record WatchOrderRequest(Guid OrderId) : Query
{
    public const string LastEventIdHeader = "Last-Event-ID";

    [FromHeader(LastEventIdHeader, isRequired: false)]
    [Description("The id of the last change seen: the stream goes on behind it. Browsers send it by themselves.")]
    public int? LastEventId { get; init; }
}

internal sealed class WatchOrderValidator : QueryValidator<WatchOrderRequest>;

/// <summary>An order's changes of status as they happen, as server-sent events.</summary>
internal sealed class WatchOrder(
    ReadModels models, ModelReads reads, LiveOrders live, QueryApiSettings settings, IHostApplicationLifetime lifetime)
    : Endpoint<WatchOrderRequest>
{
    public override void Configure()
    {
        Get("/orders/{orderId}/live");
        AllowAnonymous();
        Description(route => route
            .WithTags("Ordering")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable));
        Summary(summary =>
        {
            summary.Summary = "An order's changes of status, as server-sent events.";
            summary.Description =
                "Begins with the changes so far (behind Last-Event-ID, if given), closes at a final status. Asked "
                + "again after that, 204: nothing will come.";
        });
    }

    public override async Task HandleAsync(WatchOrderRequest request, CancellationToken cancellationToken)
    {
        // Watched first, read second: no change falls in between.
        using var watch = live.Open(HttpContext.Tenant(), request.OrderId);
        var reading = await reads.Read(
            request,
            ProjectionNames.OrderDetails,
            cancellation => GetOrder.Read(models, HttpContext.Tenant(), request.OrderId, cancellation),
            cancellationToken);
        FreshnessHeaders.Write(HttpContext.Response.Headers, reading.Mark, reading.Stale);
        if (reading.Value is not { } order)
        {
            await Send.ResultAsync(new Missing($"There is no order {request.OrderId}."));
            return;
        }

        await Send.ResultAsync(new OrderStream(
            order, request.LastEventId ?? 0, watch.Changes, settings.LiveHeartbeat, lifetime.ApplicationStopping));
    }
}
