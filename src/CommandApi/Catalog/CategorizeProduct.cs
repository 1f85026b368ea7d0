using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CommandApi.Commands;
using CommandApi.Requests;
using Commerce.Contracts.Catalog;

namespace CommandApi.Catalog;

internal sealed record CategorizeProductRequest
{
    [RouteParam]
    public string? Sku { get; init; }

    [Required, Description("1 to 100 characters.")]
    public string? Category { get; init; }
}

internal sealed class CategorizeProductRules : Validator<CategorizeProductRequest>
{
    public CategorizeProductRules()
    {
        RuleFor(request => request.Sku).Sku();
        RuleFor(request => request.Category).RequiredText(100);
    }
}

/// <summary>Moves a product to a category.</summary>
internal sealed class CategorizeProductEndpoint(CommandFlow commands)
    : Endpoint<CategorizeProductRequest, CommandAnswer>
{
    public override void Configure()
    {
        Post("/products/{sku}/category");
        Description(route => route.Describe("Catalog", "Move a product to a category"));
    }

    public override async Task HandleAsync(CategorizeProductRequest req, CancellationToken ct) =>
        await Send.ResultAsync(await commands.Run(
            HttpContext,
            new CommandRequest(
                (tenant, _) => new CategorizeProduct(tenant, req.Sku!, req.Category!),
                Sku: req.Sku),
            ct));
}
