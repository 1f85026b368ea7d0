using System.Net;
using System.Text.Json.Nodes;

namespace Acceptance;

/// <summary>An order's way through the whole system, as a client sees it.</summary>
public sealed class OrderTests(WholeSystem system)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly Client client = Client.Of(system);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_is_placed_read_back_at_once_with_its_token_and_completed()
    {
        await client.Offer("TEA-1", 8.90m, 100, Cancellation);
        var orderId = Guid.CreateVersion7();

        using var placed = await client.Post("orders", Client.Order("TEA-1", 3, orderId: orderId), Cancellation);
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        Assert.Equal("completed", (string?)(await Client.Json(placed, Cancellation))["status"]);

        using var read = await client.Get($"orders/{orderId}", Cancellation, Client.Token(placed));
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(26.70m, (decimal)(await Client.Json(read, Cancellation))["total"]!["amount"]!);

        var order = await client.FinalOrder(orderId, Soon, Cancellation);
        Assert.Equal("completed", (string?)order["status"]);
        await StockBecomes("TEA-1", onHand: 97, reserved: 0);
        await RevenueBecomes(26.70m);
        await SearchFinds("TEA-1");
    }

    [Theory]
    [InlineData("tok_declined", "GB")]
    [InlineData("tok_ok", "XX")]
    public async Task An_order_refused_by_bank_or_carrier_is_canceled_and_its_stock_released(string card, string country)
    {
        await client.Offer("TEA-2", 8.90m, 100, Cancellation);
        var orderId = Guid.CreateVersion7();
        using var placed = await client.Post("orders", Client.Order("TEA-2", 3, card, country, orderId), Cancellation);
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);

        var order = await client.FinalOrder(orderId, Soon, Cancellation);

        Assert.Equal("canceled", (string?)order["status"]);
        Assert.NotEmpty((string)order["reason"]!);
        await StockBecomes("TEA-2", onHand: 100, reserved: 0);
    }

    [Fact]
    public async Task An_order_for_more_than_there_is_is_canceled()
    {
        await client.Offer("TEA-3", 8.90m, 2, Cancellation);
        var orderId = Guid.CreateVersion7();
        using var placed = await client.Post("orders", Client.Order("TEA-3", 3, orderId: orderId), Cancellation);
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);

        var order = await client.FinalOrder(orderId, Soon, Cancellation);

        Assert.Equal("canceled", (string?)order["status"]);
        await StockBecomes("TEA-3", onHand: 2, reserved: 0);
    }

    [Fact]
    public async Task A_customer_can_cancel_while_the_bank_thinks()
    {
        await client.Offer("TEA-4", 8.90m, 100, Cancellation);
        var orderId = Guid.CreateVersion7();
        using var placed = await client.Post("orders", Client.Order("TEA-4", 3, "tok_slow", orderId: orderId), Cancellation);
        using var canceled = await client.Post(
            $"orders/{orderId}/cancellation", new { reason = "changed my mind" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, canceled.StatusCode);

        var order = await client.FinalOrder(orderId, Soon, Cancellation);

        Assert.Equal("canceled", (string?)order["status"]);
        Assert.Contains("changed my mind", (string)order["reason"]!);
        await StockBecomes("TEA-4", onHand: 100, reserved: 0);
    }

    [Fact]
    public async Task A_bank_that_stumbles_is_asked_again()
    {
        await client.Offer("TEA-5", 8.90m, 100, Cancellation);
        var orderId = Guid.CreateVersion7();
        using var placed = await client.Post("orders", Client.Order("TEA-5", 3, "tok_flaky", orderId: orderId), Cancellation);

        var order = await client.FinalOrder(orderId, Soon, Cancellation);

        Assert.Equal("completed", (string?)order["status"]);
    }

    [Fact]
    public async Task A_broken_rule_is_answered_with_its_name()
    {
        await client.Offer("TEA-6", 1.00m, 100, Cancellation);

        using var refused = await client.Post("orders", Client.Order("TEA-6", 3), Cancellation);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("urn:rule:order-minimum-total", (string?)(await Client.Json(refused, Cancellation))["type"]);
    }

    private Task StockBecomes(string sku, int onHand, int reserved) => Eventually(
        $"stock/{sku}",
        stock => (int)stock["onHand"]! == onHand && (int)stock["reserved"]! == reserved);

    private Task RevenueBecomes(decimal amount) => Eventually(
        "analytics/revenue?groupBy=country",
        revenue => revenue["items"]!.AsArray().Sum(row => (decimal)row!["amount"]!) == amount);

    private Task SearchFinds(string sku) => Eventually(
        $"products?search={sku}",
        page => page["items"]!.AsArray().Any(item => (string?)item!["sku"] == sku));

    private async Task Eventually(string path, Func<JsonNode, bool> holds)
    {
        JsonNode? last = null;
        var deadline = DateTimeOffset.UtcNow + Soon;
        while (DateTimeOffset.UtcNow < deadline)
        {
            using var response = await client.Get(path, Cancellation);
            if (response.IsSuccessStatusCode && holds(last = await Client.Json(response, Cancellation)))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        }

        Assert.Fail($"GET {path} did not come to what was expected; last answer: {last?.ToJsonString() ?? "none"}");
    }
}
