using System.Net;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Operations;

/// <summary>What is answered while a store is away, on servers of the tests' own.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());
    private readonly RunningCommerce commerce = new() { WithElasticsearch = false };

    public ValueTask InitializeAsync() => commerce.InitializeAsync();

    [Fact]
    public async Task Without_Redis_stock_comes_from_the_product_details_with_a_warning_and_bestsellers_wait()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var token = await commerce.Append(shop.Registered("LAMP-1"), shop.Received("LAMP-1", 8, onHand: 8));
        var before = await commerce.Api.Get<StockOfProduct>("/stock/LAMP-1", shop.Tenant, token);
        // What is in memory still holds without Redis: another target is another answer.
        const string NotInMemory = "/stock/LAMP-1?again";
        var redis = await commerce.Servers.Redis(cancellationToken);

        await redis.Stop(cancellationToken);
        using var stock = await commerce.Api.Send(NotInMemory, shop.Tenant, token);
        using var bestsellers = await commerce.Api.Send("/bestsellers", shop.Tenant);
        var during = await commerce.Api.Get<StockOfProduct>(NotInMemory, shop.Tenant, token);

        Assert.StartsWith("110", stock.Headers.GetValues("Warning").First(), StringComparison.Ordinal);
        Assert.Equal(before, during);
        Assert.Contains("Redis", await bestsellers.Detail(HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);

        await redis.Start(cancellationToken);
        await Waiting.Until("Redis answers again", async () =>
        {
            using var again = await commerce.Api.Send(NotInMemory, shop.Tenant);
            using var best = await commerce.Api.Send("/bestsellers", shop.Tenant);
            return again.IsSuccessStatusCode && !again.Headers.Contains("Warning") && best.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task Without_PostgreSQL_the_last_known_answer_is_given_with_a_warning_or_503_and_all_recovers_alone()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var token = await commerce.Append(shop.Registered("LAMP-1"));
        await commerce.Api.Get<ProductDetails>("/products/LAMP-1", shop.Tenant, token);
        var postgres = await commerce.Servers.Postgres(cancellationToken);

        await postgres.Stop(cancellationToken);
        await Waiting.Until("the outage is known", async () =>
        {
            using var known = await commerce.Api.Send("/products/LAMP-1", shop.Tenant);
            return known.Headers.Contains("Warning");
        });
        using var stale = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token);
        Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
        Assert.StartsWith("110", stale.Headers.GetValues("Warning").First(), StringComparison.Ordinal);
        Assert.StartsWith("query-api; hit; ttl=-", stale.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        Assert.NotNull(stale.Headers.Age);
        using var tooOld = await commerce.Api.Send(
            "/products/LAMP-1", shop.Tenant, null, ("Max-Staleness", "0ms"), ("Consistency-Timeout", "0.1"));
        await tooOld.Problem(HttpStatusCode.ServiceUnavailable);
        using var tooFar = await commerce.Api.Send(
            "/products/LAMP-1", shop.Tenant, token + 1_000_000, ("Consistency-Timeout", "0.1"));
        await tooFar.Problem(HttpStatusCode.ServiceUnavailable);
        foreach (var path in new[] { "/products/OTHER", "/products?search=lantern", "/status/projections" })
        {
            using var response = await commerce.Api.Send(path, shop.Tenant);
            var detail = await response.Detail(HttpStatusCode.ServiceUnavailable);
            Assert.Contains("PostgreSQL", detail, StringComparison.Ordinal);
        }

        await postgres.Start(cancellationToken);
        await Waiting.Until("PostgreSQL answers again", async () =>
        {
            using var again = await commerce.Api.Send("/products/LAMP-1", shop.Tenant);
            return again.IsSuccessStatusCode && !again.Headers.Contains("Warning");
        });

        // The feed of checkpoints too: a token written afterwards is seen to arrive.
        var after = await commerce.Append(shop.Registered("LAMP-2"));
        await commerce.Api.Get<ProductDetails>("/products/LAMP-2", shop.Tenant, after);
    }

    public ValueTask DisposeAsync() => commerce.DisposeAsync();
}
