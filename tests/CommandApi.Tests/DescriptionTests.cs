using System.Net;
using System.Text.Json;

namespace CommandApi.Tests;

public sealed class DescriptionTests(SharedApi shared)
{
    [Fact]
    public async Task OpenAPI_describes_every_command()
    {
        var api = await shared.Get();
        var document = (await api.Http.Get("/openapi/v1.json", "demo")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(
            [
                "/commands/{commandId}", "/orders", "/orders/{orderId}/cancellation", "/products",
                "/products/{sku}/category", "/products/{sku}/discontinuation", "/products/{sku}/name",
                "/products/{sku}/price", "/stock/{sku}/adjustments", "/stock/{sku}/receipts",
            ],
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        var reprice = document.GetProperty("paths").GetProperty("/products/{sku}/price").GetProperty("post");
        Assert.Equal("RepriceProduct", reprice.GetProperty("operationId").GetString());
        Assert.Equal("Catalog", reprice.GetProperty("tags")[0].GetString());
        Assert.Equal(
            [("sku", "path"), ("Tenant", "header"), ("Idempotency-Key", "header"), ("Prefer", "header")],
            reprice.GetProperty("parameters").EnumerateArray()
                .Select(parameter => (Text(parameter, "name"), Text(parameter, "in"))));
        var responses = reprice.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order();
        Assert.Equal(["200", "202", "400", "409", "413", "415", "422", "503"], responses);
    }

    [Fact]
    public async Task A_body_is_described_without_what_the_route_has()
    {
        var api = await shared.Get();
        var document = (await api.Http.Get("/openapi/v1.json", "demo")).Json;
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Equal(["price"], Fields(schemas.GetProperty("RepriceProductRequest")));
        Assert.Equal(
            ["orderId", "customerId", "lines", "shippingAddress", "payment"],
            Fields(schemas.GetProperty("PlaceOrderRequest")));
    }

    [Fact]
    public async Task There_is_a_page_to_read_it()
    {
        var api = await shared.Get();
        var page = (await api.Http.Get("/", "demo")).Is(HttpStatusCode.OK);
        Assert.Equal("text/html", page.ContentType);
        Assert.Contains("openapi/v1.json", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_of_database_and_broker()
    {
        var api = await shared.Get();
        (await api.Http.Get("/alive", "demo")).Is(HttpStatusCode.OK);
        var health = (await api.Http.Get("/health", "demo")).Is(HttpStatusCode.OK).Json.GetProperty("checks");
        Assert.Equal(["commerce", "rabbitmq"], health.EnumerateObject().Select(check => check.Name).Order());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static IEnumerable<string> Fields(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);
}
