using Projections.Engine;
using Projections.Engine.Redis;
using Projections.Inventory;
using Projections.Sales;
using Servers;
using StackExchange.Redis;

namespace Projections.Tests.Engine;

public sealed class RedisModelTests(TestServers servers)
{
    private static int lastDatabase;

    [Fact]
    public async Task Both_models_equal_a_fresh_fold_of_the_log()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        using var redis = await Connect();
        await harness.StartInstance(Models(redis));
        var position = 0L;
        foreach (var some in ShopHistory.Of(products: 30, orders: 100).Chunk(37))
            position = await harness.Append(some);

        await WaitForBoth(harness, position);

        await AssertEqualsFold(harness, redis.GetDatabase());
    }

    [Fact]
    public async Task A_flushed_redis_is_filled_again_without_being_asked()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        using var redis = await Connect();
        await harness.StartInstance(Models(redis));
        await WaitForBoth(harness, await harness.Append(ShopHistory.Of(products: 10, orders: 30)));

        await redis.GetDatabase().ExecuteAsync("FLUSHDB");

        await ReadModelsHarness.Until(
            async () => await redis.GetDatabase().KeyExistsAsync("{bestsellers:1}/names/demo")
                && await redis.GetDatabase().KeyExistsAsync("{stock-levels:1}/demo/SKU-0001"),
            "Redis stayed empty");
        await WaitForBoth(harness, await harness.Append(Shop.Received("SKU-0001", 1, onHand: 5, reserved: 1)));
        await AssertEqualsFold(harness, redis.GetDatabase());
    }

    [Fact]
    public async Task An_event_right_behind_a_flush_is_not_taken_for_one_without_its_row()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        using var redis = await Connect();
        await harness.StartInstance(Models(redis));
        Guid[] orders = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7())];
        foreach (var (order, n) in orders.Select((order, n) => (order, n + 1)))
        {
            await WaitForBoth(harness, await harness.Append(Shop.Placed(order, lines: Shop.Line("A", 3, 10m))));
            await redis.GetDatabase().ExecuteAsync("FLUSHDB");
            await harness.Append(Shop.Completed(order));
            await ReadModelsHarness.Until(
                async () => await redis.GetDatabase().SortedSetScoreAsync("{bestsellers:1}/all/demo", "A") == 3 * n,
                $"Not {3 * n} of A were sold");
        }

        Assert.Equal(0, await harness.Scalar<long>("SELECT count(*) FROM read.parked"));
        await AssertEqualsFold(harness, redis.GetDatabase());
    }

    [Fact]
    public async Task A_redis_that_went_back_in_time_goes_on_from_there_and_counts_nothing_twice()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        using var redis = await Connect();
        var database = redis.GetDatabase();
        var order = Guid.CreateVersion7();
        var first = await harness.StartInstance(Models(redis));
        var position = await harness.Append(Shop.Placed(order, lines: Shop.Line("A", 3, 10m)));
        await WaitForBoth(harness, position);
        await harness.Append(Shop.Completed(order));
        await ReadModelsHarness.Until(
            async () => await database.SortedSetScoreAsync("{bestsellers:1}/all/demo", "A") is 3, "A was not sold");
        await first.Stop();

        // As an older dump would have it: the order under way, nothing sold.
        await database.KeyDeleteAsync(
            ["{bestsellers:1}/all/demo", "{bestsellers:1}/category/demo/Lighting", "{bestsellers:1}/names/demo"]);
        await database.StringSetAsync(
            $"{{bestsellers:1}}/open/demo/{order}",
            """{"lines":[{"sku":"A","name":"Product A","category":"Lighting","quantity":3}]}""");
        await database.StringSetAsync("{bestsellers:1}#checkpoint", position);
        await harness.StartInstance(Models(redis));

        await ReadModelsHarness.Until(
            async () => await database.SortedSetScoreAsync("{bestsellers:1}/all/demo", "A") is 3,
            "A was not sold again");
        await AssertEqualsFold(harness, database);
    }

    private static IReadOnlyList<IReadModel> Models(IConnectionMultiplexer redis)
    {
        var stores = new Stores(redis);
        return [stores.Redis(new StockLevels()), stores.Redis(new Bestsellers())];
    }

    private static async Task WaitForBoth(ReadModelsHarness harness, long position)
    {
        await harness.WaitFor("stock-levels", position);
        await harness.WaitFor("bestsellers", position);
    }

    private static async Task AssertEqualsFold(ReadModelsHarness harness, IDatabase redis)
    {
        var stock = Given.Fold(new StockLevels(), await harness.ReadLog(new StockLevels().EventTypes));
        foreach (var (key, level, position) in stock.Rows)
        {
            var hash = (await redis.HashGetAllAsync($"{{stock-levels:1}}/{key.Tenant}/{key.Sku}")).ToDictionary(
                field => (string)field.Name!, field => (long)field.Value);
            Assert.Equal(
                new Dictionary<string, long>
                {
                    ["onHand"] = level!.OnHand,
                    ["reserved"] = level.Reserved,
                    ["available"] = level.Available,
                    ["position"] = position,
                },
                hash);
        }

        var sold = Given.Fold(new Bestsellers(), await harness.ReadLog(new Bestsellers().EventTypes));
        var bySku = sold.Totals.GroupBy(total => ((Bestsellers.Product)total.Key).Sku)
            .ToDictionary(totals => totals.Key, totals => (double)totals.Sum(total => total.Value.Count));
        var overall = await redis.SortedSetRangeByRankWithScoresAsync("{bestsellers:1}/all/demo");
        Assert.Equal(bySku, overall.ToDictionary(entry => (string)entry.Element!, entry => entry.Score));
        foreach (var (group, figures) in sold.Totals)
        {
            var product = (Bestsellers.Product)group;
            Assert.Equal(
                figures.Count,
                await redis.SortedSetScoreAsync($"{{bestsellers:1}}/category/demo/{product.Category}", product.Sku));
            Assert.Equal(product.Name, await redis.HashGetAsync("{bestsellers:1}/names/demo", product.Sku));
        }
    }

    /// <summary>A database of the test's own on the shared server.</summary>
    private async Task<ConnectionMultiplexer> Connect()
    {
        var server = await servers.Redis(TestContext.Current.CancellationToken);
        var database = Interlocked.Increment(ref lastDatabase);
        return RedisConnection.Open($"{server.ConnectionString},defaultDatabase={database}");
    }
}
