using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceptance;

/// <summary>A client of both APIs, with a tenant of its own so that tests do not see each other's data.</summary>
public sealed class Client(WholeSystem system, string tenant)
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);

    public static Client Of(WholeSystem system) => new(system, $"t{Guid.NewGuid():N}"[..16]);

    public string Tenant => tenant;

    public Task<HttpResponseMessage> Post(string path, object body, CancellationToken cancellationToken) =>
        Send(system.Commands, HttpMethod.Post, path, JsonContent.Create(body), cancellationToken, ("Prefer", "wait=15"));

    /// <summary>Sends a command and does not wait for its outcome.</summary>
    public Task<HttpResponseMessage> PostAndGo(string path, object body, CancellationToken cancellationToken) =>
        Send(system.Commands, HttpMethod.Post, path, JsonContent.Create(body), cancellationToken);

    /// <summary>Sends a command inside a trace of the caller's.</summary>
    public Task<HttpResponseMessage> PostInTrace(
        string path, object body, string traceParent, CancellationToken cancellationToken) => Send(
            system.Commands,
            HttpMethod.Post,
            path,
            JsonContent.Create(body),
            cancellationToken,
            ("Prefer", "wait=15"),
            ("traceparent", traceParent));

    public Task<HttpResponseMessage> Get(string path, CancellationToken cancellationToken, string? token = null) =>
        token is null
            ? Send(system.Queries, HttpMethod.Get, path, null, cancellationToken)
            : Send(system.Queries, HttpMethod.Get, path, null, cancellationToken, ("Consistency-Token", token));

    /// <summary>A product with stock, ready to be ordered; returns the token of the last command.</summary>
    public async Task<string> Offer(string sku, decimal price, int quantity, CancellationToken cancellationToken)
    {
        using var product = await Post(
            "products",
            new { sku, name = $"Product {sku}", category = "Test", price = new { amount = price, currency = "GBP" } },
            cancellationToken);
        Assert.True(product.IsSuccessStatusCode, await product.Content.ReadAsStringAsync(cancellationToken));
        using var stock = await Post($"stock/{sku}/receipts", new { quantity }, cancellationToken);
        Assert.True(stock.IsSuccessStatusCode, await stock.Content.ReadAsStringAsync(cancellationToken));
        return Token(stock);
    }

    public static object Order(
        string sku, int quantity, string cardToken = "tok_ok", string country = "GB", Guid? orderId = null) => new
        {
            orderId = orderId ?? Guid.CreateVersion7(),
            customerId = "ada",
            lines = new[] { new { sku, quantity } },
            shippingAddress = new { name = "Ada", line1 = "1 Main Street", city = "Bath", country },
            payment = new { cardToken },
        };

    /// <summary>The order once it is completed or canceled.</summary>
    public async Task<JsonNode> FinalOrder(Guid orderId, TimeSpan within, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(within);
        JsonNode? last = null;
        try
        {
            while (true)
            {
                using var response = await Get($"orders/{orderId}", timeout.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    last = await Json(response, timeout.Token);
                    if (last["status"]!.GetValue<string>() is "completed" or "canceled")
                        return last;
                }

                await Task.Delay(PollEvery, timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Order {orderId} has no final state after {within}; last seen: {last?.ToJsonString() ?? "nothing"}");
        }
    }

    public static async Task<JsonNode> Json(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await response.Content.ReadFromJsonAsync<JsonNode>(JsonSerializerOptions.Web, cancellationToken)
        ?? throw new InvalidDataException("no JSON in the answer");

    public static string Token(HttpResponseMessage response) => response.Headers.GetValues("Consistency-Token").Single();

    private async Task<HttpResponseMessage> Send(
        HttpClient http,
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("Tenant", tenant);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await http.SendAsync(request, cancellationToken);
    }
}
