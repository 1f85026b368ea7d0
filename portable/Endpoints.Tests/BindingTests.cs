using System.Net;
using System.Text;

namespace Portable.Endpoints.Tests;

public class BindingTests
{
    private const string Id = "0199a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b";

    [Fact]
    public async Task A_request_is_bound_from_body_route_query_and_headers()
    {
        await using var app = await TestApp.Start(typeof(BasketEndpoint), typeof(BasketRules));
        app.Http.DefaultRequestHeaders.Add("X-Color", "green");
        using var response = await app.Post(
            $"/baskets/{Id}?priority=3", """{ "owner": "Ann", "lines": [{ "sku": "A", "quantity": 2 }] }""");
        response.Is(HttpStatusCode.OK);
        Assert.Equal(
            $$"""{"basketId":"{{Id}}","owner":"Ann","lines":[{"sku":"A","quantity":2}],"priority":3,"color":1}""",
            await response.Text());
    }

    [Fact]
    public async Task What_a_request_leaves_out_keeps_its_default()
    {
        await using var app = await TestApp.Start(typeof(FilterEndpoint));
        using var response = await app.Get("/filter", ("X-Tenant", "demo"));
        Assert.Equal(
            """{"limit":50,"minPrice":null,"category":null,"color":0,"tenant":"demo"}""", await response.Text());
    }

    [Fact]
    public async Task Query_values_are_bound_by_name_without_regard_to_case_and_by_given_name()
    {
        await using var app = await TestApp.Start(typeof(FilterEndpoint));
        using var response = await app.Get("/filter?LIMIT=7&minprice=12.50&in=Toys&color=GREEN", ("X-Tenant", "demo"));
        Assert.Equal(
            """{"limit":7,"minPrice":12.50,"category":"Toys","color":1,"tenant":"demo"}""", await response.Text());
    }

    [Theory]
    [InlineData("limit=many", "limit", "many")]
    [InlineData("minPrice=1,5x", "minPrice", "1,5x")]
    [InlineData("color=blue", "color", "blue")]
    [InlineData("color=17", "color", "17")]
    public async Task A_query_value_of_the_wrong_type_is_refused_by_name(string query, string field, string value)
    {
        await using var app = await TestApp.Start(typeof(FilterEndpoint));
        using var response = await app.Get($"/filter?{query}", ("X-Tenant", "demo"));
        response.Is(HttpStatusCode.BadRequest);
        Assert.Contains(value, await response.ErrorOf(field), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_value_of_a_nullable_property_counts_as_absent()
    {
        await using var app = await TestApp.Start(typeof(FilterEndpoint));
        using var response = await app.Get("/filter?minPrice=", ("X-Tenant", "demo"));
        response.Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_missing_header_is_refused_by_name()
    {
        await using var app = await TestApp.Start(typeof(FilterEndpoint));
        using var response = await app.Get("/filter");
        response.Is(HttpStatusCode.BadRequest);
        Assert.Contains("missing", await response.ErrorOf("x-Tenant"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "SerializerErrors")]
    [InlineData("""{ "lines": [{ "sku": "A", "quantity": "two" }] }""", "lines[0].quantity")]
    public async Task Malformed_JSON_is_refused(string body, string field)
    {
        await using var app = await TestApp.Start(typeof(BasketEndpoint));
        using var response = await app.Post($"/baskets/{Id}", body);
        response.Is(HttpStatusCode.BadRequest);
        await response.ErrorOf(char.ToLowerInvariant(field[0]) + field[1..]);
    }

    [Fact]
    public async Task A_binder_reads_only_the_places_it_was_given()
    {
        await using var app = await TestApp.Start(typeof(RouteOnlyEndpoint));
        using var response = await app.Post($"/strict/{Id}?owner=Eve&priority=9", """{ "owner": "Ann" }""");
        Assert.Equal("Ann ", await response.Text());
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_refused()
    {
        await using var app = await TestApp.Start(typeof(BasketEndpoint));
        using var text = await app.Http.PostAsync(
            $"/baskets/{Id}",
            new StringContent("hello", Encoding.UTF8, "text/plain"),
            TestContext.Current.CancellationToken);
        text.Is(HttpStatusCode.UnsupportedMediaType);
        using var nothing = await app.Http.PostAsync($"/baskets/{Id}", null, TestContext.Current.CancellationToken);
        nothing.Is(HttpStatusCode.UnsupportedMediaType);
    }
}
