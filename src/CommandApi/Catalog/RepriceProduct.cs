using System.ComponentModel.DataAnnotations;
using CommandApi.Commands;
using CommandApi.Requests;
using Commerce.Contracts.Catalog;

namespace CommandApi.Catalog;

internal sealed record RepriceProductRequest
{
    [RouteParam]
    public string? Sku { get; init; }

    [Required]
    public MoneyRequest? Price { get; init; }
}

internal sealed class RepriceProductRules : Validator<RepriceProductRequest>
{
    public RepriceProductRules()
    {
        RuleFor(request => request.Sku).Sku();
        RuleFor(request => request.Price).Price();
    }
}

/// <summary>Changes the catalog price.</summary>
internal sealed class RepriceProductEndpoint(CommandFlow commands) : Endpoint<RepriceProductRequest, CommandAnswer>
{
    public override void Configure()
    {
        Post("/products/{sku}/price");
        Description(route => route.Describe("Catalog", "Change the price of a product"));
    }

    public override async Task HandleAsync(RepriceProductRequest req, CancellationToken ct) =>
        await Send.ResultAsync(await commands.Run(
            HttpContext,
            new CommandRequest(
                (tenant, _) => new RepriceProduct(tenant, req.Sku!, req.Price!.ToMoney()),
                Sku: req.Sku),
            ct));
}
