using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CommandApi.Commands;
using CommandApi.Requests;
using Commerce.Contracts.Inventory;
using FluentValidation;

namespace CommandApi.Inventory;

internal sealed record AdjustStockRequest
{
    [RouteParam]
    public string? Sku { get; init; }

    [Required, Description("Units to add, or to take away if negative; -1000000 to 1000000, not 0.")]
    public int? Quantity { get; init; }

    [Required, Description("1 to 500 characters.")]
    public string? Reason { get; init; }
}

internal sealed class AdjustStockRules : Validator<AdjustStockRequest>
{
    public AdjustStockRules()
    {
        RuleFor(request => request.Sku).Sku();
        RuleFor(request => request.Quantity)
            .Between(-1_000_000, 1_000_000)
            .Must(quantity => quantity != 0).WithMessage("must not be 0: there would be nothing to adjust");
        RuleFor(request => request.Reason).RequiredText(500);
    }
}

/// <summary>Corrects the count of a stock item.</summary>
internal sealed class AdjustStockEndpoint(CommandFlow commands) : Endpoint<AdjustStockRequest, CommandAnswer>
{
    public override void Configure()
    {
        Post("/stock/{sku}/adjustments");
        Description(route => route.Describe("Inventory", "Correct the count of a stock item"));
    }

    public override async Task HandleAsync(AdjustStockRequest req, CancellationToken ct) =>
        await Send.ResultAsync(await commands.Run(
            HttpContext,
            new CommandRequest(
                (tenant, _) => new AdjustStock(tenant, req.Sku!, req.Quantity!.Value, req.Reason!),
                Sku: req.Sku),
            ct));
}
