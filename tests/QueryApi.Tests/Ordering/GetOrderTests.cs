using System.Net;
using Commerce.Contracts.Ordering;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Ordering;

public sealed class GetOrderTests(RunningCommerce commerce)
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    [Fact]
    public async Task A_completed_order_is_shown_with_all_that_happened()
    {
        var order = Guid.CreateVersion7();
        var token = await commerce.Append(
            [shop.Placed(order, "C1", "United Kingdom", Shop.Line("LAMP-1", 2, 24.50m)), .. shop.Fulfilled(order)]);

        var details = await commerce.Api.Get<OrderDetails>($"/orders/{order}", shop.Tenant, token);

        Assert.Equal((order, "C1", OrderStatus.Completed), (details.OrderId, details.CustomerId, details.Status));
        Assert.Equal("49.00 GBP", details.Total.ToString());
        Assert.Equal(("LAMP-1", 2), (details.Lines[0].Sku, details.Lines[0].Quantity));
        Assert.Equal(("Lyme Regis", "TRACK-7"), (details.ShippingAddress.City, details.TrackingNumber));
        Assert.Equal(
            ["placed", "payment-authorized", "confirmed", "shipped", "completed"],
            details.History.Select(step => step.Step));
        Assert.Null(details.Reason);
    }

    [Fact]
    public async Task A_canceled_order_says_why()
    {
        var order = Guid.CreateVersion7();
        var token = await commerce.Append(
            shop.Placed(order, "C1", "United Kingdom", Shop.Line("LAMP-1", 1, 24.50m)),
            shop.Canceled(order, "card declined"));

        var details = await commerce.Api.Get<OrderDetails>($"/orders/{order}", shop.Tenant, token);

        Assert.Equal((OrderStatus.Canceled, "card declined"), (details.Status, details.Reason));
    }

    [Fact]
    public async Task An_unknown_order_is_not_found()
    {
        var order = Guid.CreateVersion7();

        using var response = await commerce.Api.Send($"/orders/{order}", shop.Tenant);

        Assert.Contains(order.ToString(), await response.Detail(HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tenant_does_not_see_the_order()
    {
        var order = Guid.CreateVersion7();
        var token = await commerce.Append(shop.Placed(order, "C1", "United Kingdom", Shop.Line("LAMP-1", 1, 24.50m)));

        using var response = await commerce.Api.Send($"/orders/{order}", RunningCommerce.NewTenant(), token);

        await response.Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_id_that_is_no_uuid_is_refused()
    {
        using var response = await commerce.Api.Send("/orders/17", shop.Tenant);

        Assert.Contains("'17'", await response.Error("orderId"), StringComparison.Ordinal);
    }
}
