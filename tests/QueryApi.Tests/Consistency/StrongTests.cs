using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Consistency;

public sealed class StrongTests(RunningCommerce commerce)
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());
    private readonly Guid order = Guid.CreateVersion7();

    [Fact]
    public async Task A_strong_answer_shows_what_was_just_written_and_says_so()
    {
        for (var quantity = 1; quantity <= 20; quantity++)
        {
            var written = await commerce.Append(
                shop.Registered($"NOW-{quantity}"), shop.Received($"NOW-{quantity}", quantity, onHand: quantity));

            using var response = await Strong($"/products/NOW-{quantity}");

            var product = await Json(response);
            Assert.Equal(quantity, (int)product["stock"]!["onHand"]!);
            Assert.Equal("0", response.Headers.GetValues("Staleness-Ms").Single());
            Assert.Equal("query-api; fwd=bypass", response.Headers.GetValues("Cache-Status").Single());
            // At once, or when the appends of other tests that began before it have ended.
            await Waiting.Until("Read-Position is the append's", async () =>
            {
                using var again = await Strong($"/products/NOW-{quantity}");
                return Position(again) >= written;
            });
        }
    }

    [Fact]
    public async Task A_strong_answer_has_the_shape_of_the_models_answer()
    {
        await commerce.Append(
            shop.Registered("LAMP-1"), shop.Received("LAMP-1", 8, onHand: 8),
            shop.Placed(order, "C1", "United Kingdom", Shop.Line("LAMP-1", 2, 24.50m)));
        var token = await commerce.Append(shop.Fulfilled(order));

        foreach (var path in new[] { "/products/LAMP-1", $"/orders/{order}", "/stock/LAMP-1" })
        {
            using var model = await commerce.Api.Send(path, shop.Tenant, token);
            using var strong = await Strong(path);
            Assert.Equal((await Json(model)).ToJsonString(), (await Json(strong)).ToJsonString());
            Assert.Equal(model.Headers.ETag, strong.Headers.ETag);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_strongly_not_there()
    {
        foreach (var path in new[] { "/products/NO", $"/orders/{order}", "/stock/NO" })
        {
            using var response = await Strong(path);
            await response.Problem(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Another_tenants_order_is_not_there()
    {
        await commerce.Append(shop.Placed(order, "C1", "United Kingdom", Shop.Line("LAMP-1", 2, 24.50m)));

        using var response = await commerce.Api.Send(
            $"/orders/{order}", RunningCommerce.NewTenant(), null, ("Consistency", "strong"));

        await response.Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_beyond_the_log_is_not_reached_by_the_log_either()
    {
        using var response = await commerce.Api.Send(
            "/products/LAMP-1", shop.Tenant, 1_000_000_000_000, ("Consistency", "strong"), ("Consistency-Timeout", "0.1"));

        Assert.Contains("event log", await response.Detail(HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/products?search=lamp")]
    [InlineData("/customers/C1/orders")]
    [InlineData("/bestsellers")]
    [InlineData("/analytics/revenue")]
    public async Task Lists_cannot_be_strong(string path)
    {
        using var response = await Strong(path);

        Assert.Contains("'strong'", await response.Error("Consistency"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_log_strong_is_refused_by_name()
    {
        await using var api = await RunningQueryApi.Start(
            commerce.Connections with { Commerce = "" }, TestContext.Current.CancellationToken);

        using var response = await api.Send("/products/LAMP-1", shop.Tenant, null, ("Consistency", "strong"));

        Assert.Contains("commerce", await response.Error("Consistency"), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> Strong(string path) =>
        commerce.Api.Send(path, shop.Tenant, null, ("Consistency", "strong"));

    private static async Task<JsonNode> Json(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private static long Position(HttpResponseMessage response) =>
        long.Parse(response.Headers.GetValues("Read-Position").Single(), CultureInfo.InvariantCulture);
}
