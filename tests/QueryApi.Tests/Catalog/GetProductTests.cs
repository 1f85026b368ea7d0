using System.Net;
using Commerce.Contracts.Catalog;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Catalog;

public sealed class GetProductTests(RunningCommerce commerce)
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    [Fact]
    public async Task A_product_is_shown_with_its_price_and_stock()
    {
        var token = await commerce.Append(
            shop.Registered("LAMP-1"), shop.Received("LAMP-1", 12, onHand: 12, reserved: 5));

        var product = await commerce.Api.Get<ProductDetails>("/products/LAMP-1", shop.Tenant, token);

        Assert.Equal(("Storm Lantern", "Fenwick", "Lighting"), (product.Name, product.Brand, product.Category));
        Assert.Equal("24.50 GBP", product.Price.ToString());
        Assert.Equal((12, 5, 7), (product.Stock.OnHand, product.Stock.Reserved, product.Stock.Available));
        Assert.False(product.Discontinued);
    }

    [Fact]
    public async Task A_discontinued_product_stays_to_be_seen()
    {
        var token = await commerce.Append(
            shop.Registered("LAMP-1"), new ProductDiscontinued(shop.Tenant, "LAMP-1", "out of fashion"));

        Assert.True((await commerce.Api.Get<ProductDetails>("/products/LAMP-1", shop.Tenant, token)).Discontinued);
    }

    [Fact]
    public async Task An_unknown_product_is_not_found()
    {
        using var response = await commerce.Api.Send("/products/NO-SUCH", shop.Tenant);

        Assert.Contains("'NO-SUCH'", await response.Detail(HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tenant_does_not_see_the_product()
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"));

        using var response = await commerce.Api.Send("/products/LAMP-1", RunningCommerce.NewTenant(), token);

        await response.Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_tenant_that_is_no_name_is_refused()
    {
        using var response = await commerce.Api.Send("/products/LAMP-1", "a/b");

        Assert.Contains("'a/b'", await response.Detail(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_client_has_already_is_not_sent_again()
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"));
        using var first = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token);
        var tag = first.Headers.ETag!.ToString();

        using var again = await commerce.Api.Send(
            "/products/LAMP-1", shop.Tenant, token, ("If-None-Match", $"\"x\", {tag}"));
        var renamed = await commerce.Append(new ProductRenamed(shop.Tenant, "LAMP-1", "Hurricane Lamp"));
        using var changed = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, renamed, ("If-None-Match", tag));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(tag, again.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag!.ToString());
    }
}
