using System.Collections.Concurrent;
using System.Net;
using Servers;

namespace Acceptance;

/// <summary>A server goes away for ten seconds while customers order.</summary>
public sealed class OutageTests(WholeSystem system)
{
    private const int Shoppers = 2;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FinalWithin = TimeSpan.FromMinutes(3);

    private readonly Client client = Client.Of(system);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> ServersOfTheSystem => TestServers.HasElasticsearch
        ? ["postgres", "rabbitmq", "redis", "elasticsearch"]
        : ["postgres", "rabbitmq", "redis"];

    [Theory]
    [MemberData(nameof(ServersOfTheSystem))]
    public async Task No_accepted_order_is_lost_while_a_server_is_away(string server)
    {
        await client.Offer("OUT-1", 8.90m, 100_000, Cancellation);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var accepted = new ConcurrentBag<Guid>();
        var refusals = new ConcurrentDictionary<HttpStatusCode, int>();
        var shoppers = Enumerable.Range(0, Shoppers).Select(_ => Shop(accepted, refusals, closing.Token)).ToList();

        await Task.Delay(Before, Cancellation);
        await system.Stop(server, Cancellation);
        await Task.Delay(Outage, Cancellation);
        await system.Start(server, Cancellation);
        await Task.Delay(After, Cancellation);
        await closing.CancelAsync();
        await Task.WhenAll(shoppers);

        Assert.NotEmpty(accepted);
        Assert.All(refusals.Keys, status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
        foreach (var orderId in accepted)
        {
            var order = await client.FinalOrder(orderId, FinalWithin, Cancellation);
            Assert.Equal("completed", (string?)order["status"]);
        }

        using var afterwards = await client.Post("orders", Client.Order("OUT-1", 3), Cancellation);
        Assert.Equal(HttpStatusCode.Created, afterwards.StatusCode);
        await StockIsConserved(accepted.Count + 1);
    }

    /// <summary>Orders until it is told to stop. What got an answer of success counts as accepted.</summary>
    private async Task Shop(
        ConcurrentBag<Guid> accepted, ConcurrentDictionary<HttpStatusCode, int> refusals, CancellationToken closing)
    {
        while (!closing.IsCancellationRequested)
        {
            var orderId = Guid.CreateVersion7();
            using var response = await client.PostAndGo(
                "orders", Client.Order("OUT-1", 3, orderId: orderId), Cancellation);
            if (response.IsSuccessStatusCode)
                accepted.Add(orderId);
            else
            {
                refusals.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
                Assert.NotNull(response.Headers.RetryAfter);
            }

            await Task.Delay(Pause, Cancellation);
        }
    }

    /// <summary>
    /// Every order took three units. An order whose request failed may still have been placed, so there may be fewer on
    /// hand than the accepted ones took, never more; and in the end nothing is reserved.
    /// </summary>
    private async Task StockIsConserved(int orders)
    {
        var deadline = DateTimeOffset.UtcNow + FinalWithin;
        while (true)
        {
            using var response = await client.Get("stock/OUT-1", Cancellation);
            if (response.IsSuccessStatusCode)
            {
                var stock = await Client.Json(response, Cancellation);
                if ((int)stock["reserved"]! == 0 && (int)stock["onHand"]! <= 100_000 - 3 * orders)
                    return;
                if (DateTimeOffset.UtcNow > deadline)
                    Assert.Fail($"after {orders} orders of 3 units: {stock.ToJsonString()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
        }
    }
}
