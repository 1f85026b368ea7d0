using ProjectionControl;
using Projections.Engine;
using Projections.Engine.Redis;
using Projections.Inventory;
using Projections.Ordering;
using Projections.Sales;
using Servers;

namespace Projections.Tests.Engine;

/// <summary>What operators ask for, through the database as they do.</summary>
public sealed class RebuildTests(TestServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly Stores Stores = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_during_writes_ends_as_a_fresh_fold_and_keeps_the_old_build_until_it_is_dropped()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.WaitForModels(Stores.Postgres(new OrderDetails()), Stores.Postgres(new Revenue()));
        var operations = new ProjectionOperations(harness.ReadModels);
        var history = ShopHistory.Of(products: 20, orders: 300).Chunk(100).ToList();
        var position = 0L;
        foreach (var some in history.Take(10))
            position = await harness.Append(some);
        await harness.WaitFor("order-details", position);

        foreach (var projection in (string[])["order-details", "revenue"])
            await Done(operations, await operations.Rebuild(projection, null, "test", Cancellation));
        foreach (var some in history.Skip(10))
            position = await harness.Append(some);
        foreach (var projection in (string[])["order-details", "revenue"])
        {
            await Live(operations, projection, build: 2);
            await harness.WaitFor(projection, position);
        }

        Assert.Equal(
            (await harness.FoldLog(new OrderDetails())).Rows,
            await harness.ReadTable<OrderKey, OrderDetails.Row>("order_details_2.orders"));
        Assert.Equal(
            (await harness.FoldLog(new Revenue())).Totals.Where(total => ((Revenue.Group)total.Key).Grouping == "day")
                .Sum(total => total.Value.Amount),
            await harness.Scalar<decimal?>("""SELECT sum(amount) FROM read.revenue WHERE "grouping" = 'day'""") ?? 0);
        Assert.Equal(
            await harness.Scalar<long>("SELECT count(*) FROM order_details_2.orders"),
            await harness.Scalar<long>("SELECT count(*) FROM read.orders"));
        Assert.NotNull(await harness.Scalar<string>("SELECT to_regclass('order_details_1.orders')::text"));

        await Done(operations, await operations.Drop("order-details", null, "test", Cancellation));

        Assert.Null(await harness.Scalar<string>("SELECT to_regclass('order_details_1.orders')::text"));
        Assert.Single((await operations.Find("order-details", Cancellation))!.Builds);
    }

    [Fact]
    public async Task The_indexes_of_a_build_filled_in_bulk_are_those_of_its_declaration()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        foreach (var some in ShopHistory.Of(products: 20, orders: 400).Chunk(500))
            await harness.Append(some);

        await harness.StartInstance(Stores.Postgres(new CustomerOrders()));
        await Live(new ProjectionOperations(harness.ReadModels), "customer-orders", build: 1);

        Assert.Equal(
            "customer_orders_newest,customer_orders_pkey",
            await harness.Scalar<string>(
                """
                SELECT string_agg(indexname, ',' ORDER BY indexname) FROM pg_indexes
                WHERE schemaname = 'customer_orders_1'
                """));
        Assert.Equal(
            (await harness.FoldLog(new CustomerOrders())).Rows,
            await harness.ReadTable<OrderKey, CustomerOrders.Row>("customer_orders_1.customer_orders"));
    }

    [Fact]
    public async Task A_rebuild_of_redis_switches_the_prefix_and_dropping_removes_the_keys()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        var server = await servers.Redis(Cancellation);
        using var redis = RedisConnection.Open($"{server.ConnectionString},defaultDatabase=15");
        var database = redis.GetDatabase();
        await harness.WaitForModels(new Stores(redis).Redis(new Bestsellers()));
        var operations = new ProjectionOperations(harness.ReadModels);
        var order = Guid.CreateVersion7();
        await harness.WaitFor("bestsellers", await harness.Append(
            Shop.Placed(order, lines: Shop.Line("A", 3, 10m)), Shop.Completed(order)));

        await Done(operations, await operations.Rebuild("bestsellers", null, "test", Cancellation));
        await Live(operations, "bestsellers", build: 2);
        Assert.Equal("{bestsellers:2}", await harness.Scalar<string>("SELECT storage FROM read.checkpoints"));
        await Done(operations, await operations.Drop("bestsellers", 1, "test", Cancellation));

        Assert.Equal(3, await database.SortedSetScoreAsync("{bestsellers:2}/all/demo", "A"));
        Assert.Null(await database.SortedSetScoreAsync("{bestsellers:1}/all/demo", "A"));
    }

    [Fact]
    public async Task A_rebuild_cures_a_model_that_knows_more_than_the_log()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        var instance = await harness.WaitForModels(Stores.Postgres(new CustomerOrders()));
        var operations = new ProjectionOperations(harness.ReadModels);
        await harness.WaitFor("customer-orders", await harness.Append(
            Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m))));
        await instance.DisposeAsync();
        await harness.Execute("UPDATE projections.checkpoints SET position = 1000000");
        await harness.StartInstance(Stores.Postgres(new CustomerOrders()));

        await Done(operations, await operations.Rebuild("customer-orders", null, "test", Cancellation));
        await Live(operations, "customer-orders", build: 2);

        Assert.Equal(1, await harness.Scalar<long>("SELECT count(*) FROM read.customer_orders"));
    }

    [Fact]
    public async Task A_paused_projection_stands_still_until_it_is_resumed()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.WaitForModels(Stores.Postgres(new CustomerOrders()));
        var operations = new ProjectionOperations(harness.ReadModels);
        await operations.Pause("customer-orders", "test", Cancellation);
        // Taken up behind the pause: the answer says that the pause was seen.
        var asked = await operations.Retry("customer-orders", null, "test", Cancellation);
        Assert.True((await operations.Answer(asked, Patience, Cancellation))!.Failed);
        await ReadModelsHarness.Until(
            async () => (await operations.Answer(
                await operations.Retry("customer-orders", null, "test", Cancellation), Patience, Cancellation))!
                .Words.Contains("paused", StringComparison.Ordinal),
            "The pause was not seen");

        var position = await harness.Append(Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m)));
        Assert.Equal(0, await harness.Position("customer-orders"));
        await operations.Resume("customer-orders", Cancellation);

        await harness.WaitFor("customer-orders", position);
    }

    [Fact]
    public async Task A_rebuild_from_a_position_is_refused_where_it_would_be_wrong()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        var server = await servers.Redis(Cancellation);
        using var redis = RedisConnection.Open($"{server.ConnectionString},defaultDatabase=14");
        await harness.WaitForModels(
            new Stores(redis).Redis(new StockLevels()), Stores.Postgres(new CustomerOrders()));
        var operations = new ProjectionOperations(harness.ReadModels);
        var old = await harness.Append(Shop.Received("A", 1, 1, 0));
        await harness.WaitFor("stock-levels", await harness.Append(Shop.Received("B", 2, 2, 0)));

        var refused = await operations.Answer(
            await operations.Rebuild("customer-orders", old, "test", Cancellation), Patience, Cancellation);
        await Done(operations, await operations.Rebuild("stock-levels", old, "test", Cancellation));
        await Live(operations, "stock-levels", build: 2);

        Assert.True(refused!.Failed);
        Assert.Contains("from the beginning", refused.Words);
        Assert.False(await redis.GetDatabase().KeyExistsAsync("{stock-levels:2}/demo/A"));
        Assert.Equal(2, (int)await redis.GetDatabase().HashGetAsync("{stock-levels:2}/demo/B", "onHand"));
    }

    [Fact]
    public async Task A_changed_declaration_is_taken_up_by_a_rebuild()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        var first = await harness.WaitForModels(Stores.Postgres(new CustomerOrders()));
        await first.Stop();
        await harness.Execute("UPDATE projections.checkpoints SET fingerprint = 'of another declaration'");
        await harness.StartInstance(Stores.Postgres(new CustomerOrders()));
        var operations = new ProjectionOperations(harness.ReadModels);

        await Done(operations, await operations.Rebuild("customer-orders", null, "test", Cancellation));
        await Live(operations, "customer-orders", build: 2);
        var position = await harness.Append(Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m)));

        await harness.WaitFor("customer-orders", position);
        Assert.Equal(1, await harness.Scalar<long>("SELECT count(*) FROM read.customer_orders"));
    }

    private static async Task Done(ProjectionOperations operations, long request)
    {
        var answer = await operations.Answer(request, Patience, Cancellation);
        Assert.NotNull(answer);
        Assert.False(answer.Failed, answer.Words);
    }

    private static Task Live(ProjectionOperations operations, string projection, int build) =>
        ReadModelsHarness.Until(
            async () => (await Find(operations, projection))?.Live?.Number == build,
            $"Build {build} of {projection} did not go live");

    private static async Task<ProjectionState?> Find(ProjectionOperations operations, string projection)
    {
        try
        {
            return await operations.Find(projection, Cancellation);
        }
        catch (ProjectionsMissingException)
        {
            return null; // No instance has made the tables yet.
        }
    }
}
