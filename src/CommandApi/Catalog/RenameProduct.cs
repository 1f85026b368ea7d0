using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CommandApi.Commands;
using CommandApi.Requests;
using Commerce.Contracts.Catalog;

namespace CommandApi.Catalog;

internal sealed record RenameProductRequest
{
    [RouteParam]
    public string? Sku { get; init; }

    [Required, Description("1 to 200 characters.")]
    public string? Name { get; init; }
}

internal sealed class RenameProductRules : Validator<RenameProductRequest>
{
    public RenameProductRules()
    {
        RuleFor(request => request.Sku).Sku();
        RuleFor(request => request.Name).RequiredText(200);
    }
}

/// <summary>Changes the name of a product.</summary>
internal sealed class RenameProductEndpoint(CommandFlow commands) : Endpoint<RenameProductRequest, CommandAnswer>
{
    public override void Configure()
    {
        Post("/products/{sku}/name");
        Description(route => route.Describe("Catalog", "Rename a product"));
    }

    public override async Task HandleAsync(RenameProductRequest req, CancellationToken ct) =>
        await Send.ResultAsync(await commands.Run(
            HttpContext,
            new CommandRequest(
                (tenant, _) => new RenameProduct(tenant, req.Sku!, req.Name!),
                Sku: req.Sku),
            ct));
}
