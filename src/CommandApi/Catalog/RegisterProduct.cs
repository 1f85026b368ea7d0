using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CommandApi.Commands;
using CommandApi.Requests;
using Commerce.Contracts.Catalog;

namespace CommandApi.Catalog;

internal sealed record RegisterProductRequest
{
    [Required, Description("1 to 40 of A-Z a-z 0-9 . _ -, unique per tenant.")]
    public string? Sku { get; init; }

    [Required, Description("1 to 200 characters.")]
    public string? Name { get; init; }

    [Description("At most 4000 characters.")]
    public string? Description { get; init; }

    [Description("At most 100 characters.")]
    public string? Brand { get; init; }

    [Required, Description("1 to 100 characters.")]
    public string? Category { get; init; }

    [Required]
    public MoneyRequest? Price { get; init; }
}

internal sealed class RegisterProductRules : Validator<RegisterProductRequest>
{
    public RegisterProductRules()
    {
        RuleFor(request => request.Sku).Sku();
        RuleFor(request => request.Name).RequiredText(200);
        RuleFor(request => request.Description).OptionalText(4000);
        RuleFor(request => request.Brand).OptionalText(100);
        RuleFor(request => request.Category).RequiredText(100);
        RuleFor(request => request.Price).Price();
    }
}

/// <summary>Adds a product to the catalog.</summary>
internal sealed class RegisterProductEndpoint(CommandFlow commands) : Endpoint<RegisterProductRequest, CommandAnswer>
{
    public override void Configure()
    {
        Post("/products");
        Description(route => route.Describe("Catalog", "Register a product", creates: true));
    }

    public override async Task HandleAsync(RegisterProductRequest req, CancellationToken ct) =>
        await Send.ResultAsync(await commands.Run(
            HttpContext,
            new CommandRequest(
                (tenant, _) => new RegisterProduct(
                    tenant, req.Sku!, req.Name!, req.Description, req.Brand, req.Category!, req.Price!.ToMoney()),
                Sku: req.Sku,
                Created: _ => $"/products/{req.Sku}"),
            ct));
}
