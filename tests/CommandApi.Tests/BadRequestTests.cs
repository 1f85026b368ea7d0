using System.Net;
using System.Text;

namespace CommandApi.Tests;

public sealed class BadRequestTests(SharedApi shared)
{
    private readonly string tenant = $"t-{Guid.NewGuid():N}";

    [Theory]
    [InlineData("/products", "{ \"sku\": ", "sku", "not valid JSON")]
    [InlineData("/products", "", "body", "is missing")]
    [InlineData("/products", "[]", "body", "must be an object, was a list")]
    [InlineData("/products", "\"text\"", "body", "must be an object, was \"text\"")]
    [InlineData("/products", "null", "sku", "is required")]
    [InlineData("/products", """{ "sku": 5 }""", "sku", "must be a string, was 5")]
    [InlineData("/products", """{ "prize": 5 }""", "prize", "there are sku, name, description, brand, category, price")]
    [InlineData("/products", """{ "price": { "cents": 5 } }""", "price.cents", "there are amount, currency")]
    [InlineData("/products", """{ "sku": "a", "sku": "b" }""", "sku", "given twice")]
    [InlineData("/products/A/name", """{ "sku": "B", "name": "n" }""", "sku", "there are name")]
    [InlineData("/stock/A/receipts", """{ "quantity": "ten" }""", "quantity", "was \"ten\"")]
    [InlineData("/stock/A/receipts", """{ "quantity": 1.5 }""", "quantity", "was 1.5")]
    [InlineData("/stock/A/receipts", """{ "quantity": 99999999999 }""", "quantity", "was 99999999999")]
    [InlineData("/orders", """{ "lines": {} }""", "lines", "must be a list, was an object")]
    [InlineData("/orders", """{ "lines": [{ "quantity": true }] }""", "lines[0].quantity", "was true")]
    [InlineData("/orders", """{ "orderId": "7" }""", "orderId", "must be a UUID")]
    public async Task A_body_of_the_wrong_shape_is_refused_by_field(
        string path, string body, string field, string words)
    {
        var api = await shared.Get();
        var answer = (await api.Http.Post(path, body, tenant)).IsProblem(HttpStatusCode.BadRequest);
        Assert.Contains(words, answer.Error(field), StringComparison.Ordinal);
        Assert.Empty(api.Workflows.For(tenant));
    }

    [Theory]
    [InlineData("/products", "\"MUG-1\"", "\"MUG 1\"", "sku", "must be 1 to 40 of A-Z a-z 0-9 . _ -, was 'MUG 1'")]
    [InlineData("/products", "\"Mug\"", "\" \"", "name", "must be 1 to 200 characters")]
    [InlineData("/products", "\"Mug\"", "\"a\\u0000b\"", "name", "control characters")]
    [InlineData("/products", "12.50", "0", "price.amount", "was 0")]
    [InlineData("/products", "12.50", "12.505", "price.amount", "was 12.505")]
    [InlineData("/products", "12.50", "1000000.01", "price.amount", "was 1000000.01")]
    [InlineData("/products", "\"GBP\"", "\"gbp\"", "price.currency", "was 'gbp'")]
    [InlineData("/products", "\"name\": \"Mug\",", "", "name", "is required")]
    [InlineData("/orders", "\"quantity\": 2", "\"quantity\": 0", "lines[0].quantity", "between 1 and 10000, was 0")]
    [InlineData("/orders", "\"quantity\": 2", "\"quantity\": 10001", "lines[0].quantity", "was 10001")]
    [InlineData("/orders", "{ \"sku\": \"MUG-1\", \"quantity\": 2 }", "", "lines", "must be 1 to 100 lines, were 0")]
    [InlineData("/orders", "{ \"sku\": \"MUG-1\", \"quantity\": 2 }", "null", "lines[0]", "was null")]
    [InlineData("/orders", "\"city\": \"York\",", "", "shippingAddress.city", "is required")]
    [InlineData("/orders", "{ \"cardToken\": \"tok_ok\" }", "null", "payment", "is required")]
    [InlineData("/orders", "{\n", "{ \"orderId\": \"00000000-0000-0000-0000-000000000000\",\n", "orderId", "all zeros")]
    public async Task A_value_out_of_range_is_refused_by_field(
        string path, string value, string wrong, string field, string words)
    {
        var api = await shared.Get();
        var body = path == "/orders" ? Requests.Order : Requests.Product;
        Assert.Contains(value, body, StringComparison.Ordinal);
        var answer = await api.Http.Post(path, body.Replace(value, wrong), tenant);
        answer.IsProblem(HttpStatusCode.BadRequest);
        Assert.Contains(words, answer.Error(field), StringComparison.Ordinal);
        Assert.Empty(api.Workflows.For(tenant));
    }

    [Theory]
    [InlineData("/stock/A/receipts", """{ "quantity": 0 }""", "quantity", "must be between 1 and 1000000, was 0")]
    [InlineData("/stock/A/adjustments", """{ "quantity": 0, "reason": "r" }""", "quantity", "must not be 0")]
    [InlineData("/stock/A/adjustments", """{ "quantity": 1 }""", "reason", "is required")]
    [InlineData("/stock/A%20B/receipts", """{ "quantity": 1 }""", "sku", "was 'A B'")]
    [InlineData("/orders/7/cancellation", """{ "reason": "r" }""", "orderId", "must be a UUID")]
    public async Task A_value_of_the_other_commands_is_checked_too(string path, string body, string field, string words)
    {
        var api = await shared.Get();
        var answer = (await api.Http.Post(path, body, tenant)).IsProblem(HttpStatusCode.BadRequest);
        Assert.Contains(words, answer.Error(field), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_a_request_is_named_at_once()
    {
        var api = await shared.Get();
        var answer = (await api.Http.Post("/products", "{}", tenant)).IsProblem(HttpStatusCode.BadRequest);
        Assert.All(["sku", "name", "category", "price"], field => Assert.Contains("is required", answer.Error(field)));
    }

    [Fact]
    public async Task A_hundred_lines_are_accepted_and_one_more_is_refused()
    {
        var api = await shared.Get();
        const string line = """{ "sku": "MUG-1", "quantity": 2 }""";
        (await api.Http.Post("/orders", Order(100), tenant)).Is(HttpStatusCode.Accepted);
        var answer = (await api.Http.Post("/orders", Order(101), tenant)).IsProblem(HttpStatusCode.BadRequest);
        Assert.Equal("must be 1 to 100 lines, were 101", answer.Error("lines"));

        string Order(int lines) => Requests.Order.Replace(line, string.Join(',', Enumerable.Repeat(line, lines)));
    }

    [Fact]
    public async Task A_body_too_large_is_refused()
    {
        var api = await shared.Get();
        var body = Requests.Product.Replace("\"Mug\"", $"\"{new string('m', 300 * 1024)}\"");
        var answer = (await api.Http.Post("/products", body, tenant)).IsProblem(HttpStatusCode.RequestEntityTooLarge);
        Assert.Contains("262144 bytes", answer["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE", "/products", HttpStatusCode.MethodNotAllowed, "use POST")]
    [InlineData("GET", "/orders", HttpStatusCode.MethodNotAllowed, "use POST")]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound, "/nowhere")]
    [InlineData("GET", "/commands/0199a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b", HttpStatusCode.NotFound, "0199a1b2")]
    [InlineData("GET", "/commands/7", HttpStatusCode.BadRequest, "must be a UUID")]
    public async Task A_request_for_what_is_not_there_is_a_problem(
        string method, string path, HttpStatusCode status, string words)
    {
        var api = await shared.Get();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var answer = (await api.Http.Ask(request, tenant)).IsProblem(status);
        Assert.Contains(words, answer["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData(null)]
    public async Task A_body_that_is_not_sent_as_JSON_is_refused(string? contentType)
    {
        var api = await shared.Get();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/products");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Requests.Product));
        if (contentType is not null)
            request.Content.Headers.ContentType = new(contentType);
        (await api.Http.Ask(request, tenant)).IsProblem(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_tenant_that_is_no_name_is_refused(string name)
    {
        var api = await shared.Get();
        var answer = (await api.Http.Post("/products", Requests.Product, name)).IsProblem(HttpStatusCode.BadRequest);
        Assert.Contains("must be 1 to 64", answer.Error("tenant"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_cannot_say_what_belongs_in_the_body()
    {
        var api = await shared.Get();
        var answer = await api.Http.Post("/orders?customerId=other", Requests.Order, tenant);
        answer.IsProblem(HttpStatusCode.BadRequest);
        Assert.Contains("no parameter", answer.Error("customerId"), StringComparison.Ordinal);
    }
}
