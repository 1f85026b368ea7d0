using System.ComponentModel;
using CommandApi.Commands;
using CommandApi.Requests;
using Commerce.Contracts.Catalog;

namespace CommandApi.Catalog;

internal sealed record DiscontinueProductRequest
{
    [RouteParam]
    public string? Sku { get; init; }

    [Description("At most 500 characters.")]
    public string? Reason { get; init; }
}

internal sealed class DiscontinueProductRules : Validator<DiscontinueProductRequest>
{
    public DiscontinueProductRules()
    {
        RuleFor(request => request.Sku).Sku();
        RuleFor(request => request.Reason).OptionalText(500);
    }
}

/// <summary>Takes a product off sale for good.</summary>
internal sealed class DiscontinueProductEndpoint(CommandFlow commands)
    : Endpoint<DiscontinueProductRequest, CommandAnswer>
{
    public override void Configure()
    {
        Post("/products/{sku}/discontinuation");
        Description(route => route.Describe("Catalog", "Discontinue a product"));
    }

    public override async Task HandleAsync(DiscontinueProductRequest req, CancellationToken ct) =>
        await Send.ResultAsync(await commands.Run(
            HttpContext,
            new CommandRequest(
                (tenant, _) => new DiscontinueProduct(tenant, req.Sku!, req.Reason),
                Sku: req.Sku),
            ct));
}
