using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CommandApi.Commands;
using CommandApi.Requests;
using Commerce.Contracts.Ordering;

namespace CommandApi.Ordering;

internal sealed record CancelOrderRequest
{
    [RouteParam]
    public Guid OrderId { get; init; }

    [Required, Description("1 to 500 characters.")]
    public string? Reason { get; init; }
}

internal sealed class CancelOrderRules : Validator<CancelOrderRequest>
{
    public CancelOrderRules() => RuleFor(request => request.Reason).RequiredText(500);
}

/// <summary>The customer wants out: asks the fulfilment to undo what was done.</summary>
internal sealed class CancelOrderEndpoint(CommandFlow commands) : Endpoint<CancelOrderRequest, CommandAnswer>
{
    public override void Configure()
    {
        Post("/orders/{orderId}/cancellation");
        Description(route => route.Describe("Ordering", "Cancel an order"));
    }

    public override async Task HandleAsync(CancelOrderRequest req, CancellationToken ct) =>
        await Send.ResultAsync(await commands.Run(
            HttpContext,
            new CommandRequest(
                (tenant, _) => new RequestOrderCancellation(tenant, req.OrderId, req.Reason!),
                OrderId: _ => req.OrderId),
            ct));
}
