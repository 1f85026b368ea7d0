using System.Net;
using Commerce.Contracts.Inventory;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Inventory;

public sealed class GetStockTests(RunningCommerce commerce)
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    [Fact]
    public async Task Stock_is_shown_as_of_the_last_event()
    {
        var token = await commerce.Append(
            shop.Received("LAMP-1", 5, onHand: 5), shop.Received("LAMP-1", 7, onHand: 12, reserved: 3));

        using var response = await commerce.Api.Send("/stock/LAMP-1", shop.Tenant, token);

        Assert.False(response.Headers.Contains("Warning"));
        Assert.Equal(
            new StockOfProduct("LAMP-1", 12, 3, 9),
            await commerce.Api.Get<StockOfProduct>("/stock/LAMP-1", shop.Tenant, token));
    }

    [Fact]
    public async Task A_product_that_never_had_stock_is_not_found()
    {
        using var response = await commerce.Api.Send("/stock/LAMP-1", shop.Tenant);

        await response.Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Another_tenant_does_not_see_the_stock()
    {
        var token = await commerce.Append(shop.Received("LAMP-1", 5, onHand: 5));

        using var response = await commerce.Api.Send("/stock/LAMP-1", RunningCommerce.NewTenant(), token);

        await response.Problem(HttpStatusCode.NotFound);
    }
}
