using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CommandApi.Commands;
using CommandApi.Requests;
using Commerce.Contracts.Ordering;

namespace CommandApi.Ordering;

internal sealed record PlaceOrderRequest
{
    [Description("Your id for the order; left out, it gets one.")]
    public Guid? OrderId { get; init; }

    [Required, Description("1 to 100 characters.")]
    public string? CustomerId { get; init; }

    [Required, Description("1 to 100 lines.")]
    public IReadOnlyList<OrderLineRequest?>? Lines { get; init; }

    [Required]
    public ShippingAddressRequest? ShippingAddress { get; init; }

    [Required]
    public PaymentRequest? Payment { get; init; }
}

internal sealed record OrderLineRequest
{
    [Required, Description("1 to 40 of A-Z a-z 0-9 . _ -.")]
    public string? Sku { get; init; }

    [Required, Description("Units, 1 to 10000.")]
    public int? Quantity { get; init; }

    [Description("Price per unit agreed outside the catalog; left out, the catalog price counts.")]
    public MoneyRequest? AgreedPrice { get; init; }
}

internal sealed record ShippingAddressRequest
{
    [Required, Description("1 to 200 characters.")]
    public string? Name { get; init; }

    [Required, Description("1 to 200 characters.")]
    public string? Line1 { get; init; }

    [Description("At most 200 characters.")]
    public string? Line2 { get; init; }

    [Required, Description("1 to 100 characters.")]
    public string? City { get; init; }

    [Description("At most 20 characters.")]
    public string? PostalCode { get; init; }

    [Required, Description("1 to 60 characters.")]
    public string? Country { get; init; }
}

internal sealed record PaymentRequest
{
    [Required, Description("Stands for the card at the payment gateway; never a card number. 1 to 100 characters.")]
    public string? CardToken { get; init; }
}

/// <summary>Places an order; its fulfilment starts at once.</summary>
internal sealed class PlaceOrderEndpoint(CommandFlow commands) : Endpoint<PlaceOrderRequest, CommandAnswer>
{
    public override void Configure()
    {
        Post("/orders");
        Description(route => route.Describe("Ordering", "Place an order", creates: true));
    }

    public override async Task HandleAsync(PlaceOrderRequest req, CancellationToken ct) =>
        await Send.ResultAsync(await commands.Run(
            HttpContext,
            new CommandRequest(
                (tenant, commandId) => Command(tenant, OrderId(req, commandId), req),
                OrderId: commandId => OrderId(req, commandId),
                Created: commandId => $"/orders/{OrderId(req, commandId)}"),
            ct));

    /// <summary>
    /// Without an id of its own an order takes the command's: a repeated command then means the same order.
    /// </summary>
    private static Guid OrderId(PlaceOrderRequest req, Guid commandId) => req.OrderId ?? commandId;

    private static PlaceOrder Command(string tenant, Guid orderId, PlaceOrderRequest req) => new(
        tenant,
        orderId,
        req.CustomerId!,
        [.. req.Lines!.Select(line =>
            new RequestedLine(line!.Sku!, line.Quantity!.Value, line.AgreedPrice?.ToMoney()))],
        new ShippingAddress(
            req.ShippingAddress!.Name!,
            req.ShippingAddress.Line1!,
            req.ShippingAddress.Line2,
            req.ShippingAddress.City!,
            req.ShippingAddress.PostalCode,
            req.ShippingAddress.Country!),
        req.Payment!.CardToken!);
}
