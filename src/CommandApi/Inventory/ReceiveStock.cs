using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CommandApi.Commands;
using CommandApi.Requests;
using Commerce.Contracts.Inventory;

namespace CommandApi.Inventory;

internal sealed record ReceiveStockRequest
{
    [RouteParam]
    public string? Sku { get; init; }

    [Required, Description("Units, 1 to 1000000.")]
    public int? Quantity { get; init; }

    [Description("The delivery note or purchase order; at most 100 characters.")]
    public string? Reference { get; init; }
}

internal sealed class ReceiveStockRules : Validator<ReceiveStockRequest>
{
    public ReceiveStockRules()
    {
        RuleFor(request => request.Sku).Sku();
        RuleFor(request => request.Quantity).Between(1, 1_000_000);
        RuleFor(request => request.Reference).OptionalText(100);
    }
}

/// <summary>Books delivered units in.</summary>
internal sealed class ReceiveStockEndpoint(CommandFlow commands) : Endpoint<ReceiveStockRequest, CommandAnswer>
{
    public override void Configure()
    {
        Post("/stock/{sku}/receipts");
        Description(route => route.Describe("Inventory", "Book delivered units in"));
    }

    public override async Task HandleAsync(ReceiveStockRequest req, CancellationToken ct) =>
        await Send.ResultAsync(await commands.Run(
            HttpContext,
            new CommandRequest(
                (tenant, _) => new ReceiveStock(tenant, req.Sku!, req.Quantity!.Value, req.Reference),
                Sku: req.Sku),
            ct));
}
