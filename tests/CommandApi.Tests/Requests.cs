using System.Net;
using System.Text;
using System.Text.Json;

namespace CommandApi.Tests;

/// <summary>Requests and what tests read of the answers.</summary>
internal static class Requests
{
    public const string Order = """
        {
          "customerId": "c-1",
          "lines": [{ "sku": "MUG-1", "quantity": 2 }],
          "shippingAddress": { "name": "Ann", "line1": "1 High St", "city": "York", "country": "GB" },
          "payment": { "cardToken": "tok_ok" }
        }
        """;

    public const string Product =
        """{ "sku": "MUG-1", "name": "Mug", "category": "Kitchen", "price": { "amount": 12.50, "currency": "GBP" } }""";

    public static async Task<Answer> Post(
        this HttpClient http, string path, string? body, string tenant, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.Ask(request, tenant, headers);
    }

    public static async Task<Answer> Get(this HttpClient http, string path, string tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await http.Ask(request, tenant);
    }

    public static async Task<Answer> Ask(
        this HttpClient http, HttpRequestMessage request, string tenant, params (string Name, string Value)[] headers)
    {
        request.Headers.Add("Tenant", tenant);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var type = response.Content.Headers.ContentType?.MediaType;
        var isJson = type?.EndsWith("json", StringComparison.Ordinal) is true;
        return new Answer(
            response.StatusCode,
            type,
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value)),
            isJson ? JsonDocument.Parse(text).RootElement : default,
            text);
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(
    HttpStatusCode Status, string? ContentType, Dictionary<string, string> Headers, JsonElement Json, string Text)
{
    public Guid CommandId => Json.GetProperty("commandId").GetGuid();

    public string this[string field] => Json.GetProperty(field).ToString();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public Answer Is(HttpStatusCode status)
    {
        Assert.True(status == Status, $"expected {status}, was {Status}: {Text}");
        return this;
    }

    /// <summary>Checks that it is problem details of the status and complete.</summary>
    public Answer IsProblem(HttpStatusCode status, string? type = null)
    {
        Is(status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.Equal(type ?? "about:blank", this["type"]);
        Assert.All(["title", "detail", "instance", "traceId"], field => Assert.NotEmpty(this[field]));
        return this;
    }

    /// <summary>The messages of one field.</summary>
    public string Error(string field)
    {
        Assert.True(
            Json.GetProperty("errors").TryGetProperty(field, out var messages), $"no error of {field} in {Text}");
        return string.Join("; ", messages.EnumerateArray().Select(message => message.GetString()));
    }
}
