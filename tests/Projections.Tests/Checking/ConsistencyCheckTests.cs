using System.Diagnostics.Metrics;
using EventStore;
using ProjectionControl;
using Projections.Catalog;
using Projections.Checking;
using Projections.Engine;
using Projections.Inventory;
using Projections.Ordering;
using Projections.Sales;
using Servers;
using StackExchange.Redis;

namespace Projections.Tests.Checking;

/// <summary>Models that were changed by hand are found out by the log, and set right from it.</summary>
public sealed class ConsistencyCheckTests(TestServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_that_are_right_are_found_right_also_while_they_are_written_to()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.WaitForModels(Tables());
        var operations = new ProjectionOperations(harness.ReadModels);
        var position = 0L;
        var history = ShopHistory.Of(products: 20, orders: 100).Chunk(25).ToList();
        foreach (var (number, some) in history.Index())
        {
            position = await harness.Append(some);
            if (number % 8 != 7)
                continue;
            foreach (var model in Tables())
                Assert.Empty((await Check(operations, model.Name, repair: false)).Differences);
        }

        foreach (var model in Tables())
        {
            await harness.WaitFor(model.Name, position);
            var report = await Check(operations, model.Name, repair: false);
            Assert.Empty(report.Differences);
            Assert.InRange(report.Checked, 10, 500);
            Assert.Equal(position, report.Position);
        }
    }

    [Fact]
    public async Task A_damaged_a_missing_and_an_unreadable_row_are_found_and_repaired()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.WaitForModels(new Stores().Postgres(new OrderDetails()));
        var operations = new ProjectionOperations(harness.ReadModels);
        Guid[] orders = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];
        var position = 0L;
        foreach (var order in orders)
            position = await harness.Append(Shop.Placed(order, lines: Shop.Line("A", 2, 10m)), Shop.Confirmed(order));
        await harness.WaitFor("order-details", position);
        await harness.Execute($"UPDATE order_details_1.orders SET status = 'completed' WHERE order_id = '{orders[0]}'");
        await harness.Execute($"DELETE FROM order_details_1.orders WHERE order_id = '{orders[1]}'");
        await harness.Execute($"UPDATE order_details_1.orders SET history = '7' WHERE order_id = '{orders[2]}'");

        var found = await Check(operations, "order-details", repair: false);
        var repaired = await Check(operations, "order-details", repair: true);

        Assert.Equal((4, 3), (found.Checked, found.Differences.Count));
        var damaged = Assert.Single(found.Differences, one => one.Entity == $"demo/{orders[0]}");
        Assert.Equal(new ValueDifference("status", "\"completed\"", "\"confirmed\""), Assert.Single(damaged.Values));
        var missing = Assert.Single(found.Differences, one => one.Entity == $"demo/{orders[1]}");
        Assert.Null(Assert.Single(missing.Values).Model);
        Assert.Equal(3, repaired.Differences.Count);
        Assert.True(repaired.Repaired);
        Assert.Empty((await Check(operations, "order-details", repair: false)).Differences);
        Assert.Equal(
            4, await harness.Scalar<long>("SELECT count(*) FROM order_details_1.orders WHERE status = 'confirmed'"));
        // What was repaired goes on as if nothing had been.
        await harness.WaitFor("order-details", await harness.Append(Shop.Shipped(orders[1])));
        Assert.Equal(
            "shipped",
            await harness.Scalar<string>($"SELECT status FROM order_details_1.orders WHERE order_id = '{orders[1]}'"));
    }

    [Fact]
    public async Task A_row_that_should_have_gone_is_found_and_removed()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.WaitForModels(new Stores().Postgres(new Revenue()));
        var operations = new ProjectionOperations(harness.ReadModels);
        var order = Guid.CreateVersion7();
        await harness.WaitFor(
            "revenue", await harness.Append(Shop.Placed(order, lines: Shop.Line("A", 2, 10m)), Shop.Completed(order)));
        await harness.Execute(
            "INSERT INTO revenue_1.open_orders (tenant, order_id, country, currency, total, categories, position) "
            + $"VALUES ('demo', '{order}', 'France', 'GBP', 20, '{{}}', 1)");

        var report = await Check(operations, "revenue", repair: true);

        Assert.Null(Assert.Single(Assert.Single(report.Differences).Values).Log);
        Assert.Equal(0, await harness.Scalar<long>("SELECT count(*) FROM revenue_1.open_orders"));
        Assert.Equal(20m, await harness.Scalar<decimal>("SELECT sum(amount) FROM revenue_1.revenue WHERE grouping = 'day'"));
    }

    [Fact]
    public async Task Keys_in_redis_are_compared_and_repaired_whatever_they_hold()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        var server = await servers.Redis(Cancellation);
        using var redis = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},defaultDatabase=13");
        var keys = redis.GetDatabase();
        await keys.ExecuteAsync("FLUSHDB");
        var stores = new Stores(redis);
        await harness.WaitForModels(stores.Redis(new StockLevels()), stores.Redis(new Bestsellers()));
        var operations = new ProjectionOperations(harness.ReadModels);
        var order = Guid.CreateVersion7();
        var position = await harness.Append(
            Shop.Received("A", 5, onHand: 5, reserved: 0), Shop.Received("B", 7, onHand: 7, reserved: 0),
            Shop.Received("C", 9, onHand: 9, reserved: 0), Shop.Placed(order, lines: Shop.Line("A", 2, 10m)));
        await harness.WaitFor("stock-levels", position);
        await harness.WaitFor("bestsellers", position);
        await keys.HashSetAsync("{stock-levels:1}/demo/A", "onHand", 500);
        await keys.KeyDeleteAsync("{stock-levels:1}/demo/B");
        await keys.KeyDeleteAsync("{stock-levels:1}/demo/C");
        await keys.StringSetAsync("{stock-levels:1}/demo/C", "a hash no more");
        await keys.StringSetAsync($"{{bestsellers:1}}/open/demo/{order}", "{ no json");

        var stock = await Check(operations, "stock-levels", repair: true);
        var sales = await Check(operations, "bestsellers", repair: true);

        Assert.Equal(["demo/A", "demo/B", "demo/C"], stock.Differences.Select(one => one.Entity).Order());
        Assert.Contains(
            stock.Differences.Single(one => one.Entity == "demo/A").Values,
            value => value == new ValueDifference("onHand", "\"500\"", "\"5\""));
        Assert.Single(sales.Differences);
        Assert.Empty((await Check(operations, "stock-levels", repair: false)).Differences);
        Assert.Empty((await Check(operations, "bestsellers", repair: false)).Differences);
        Assert.Equal(9, (int)await keys.HashGetAsync("{stock-levels:1}/demo/C", "onHand"));
    }

    [Fact]
    public async Task An_entity_with_a_parked_stream_is_not_judged()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.WaitForModels(new Stores().Postgres(new CustomerOrders()));
        await harness.Execute(
            "ALTER TABLE customer_orders_1.customer_orders ADD CONSTRAINT no_fraud CHECK (customer_id <> 'fraud')");
        await harness.WaitFor("customer-orders", await harness.Append(
            Shop.Placed(Guid.CreateVersion7(), customer: "fraud", lines: Shop.Line("A", 1, 10m)),
            Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m))));

        var report = await Check(new ProjectionOperations(harness.ReadModels), "customer-orders", repair: false);

        Assert.Equal((1, 1, 0), (report.Checked, report.Unclear, report.Differences.Count));
    }

    [Fact]
    public async Task A_running_model_is_compared_all_the_time_and_differences_are_counted()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        long compared = 0, different = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, to) =>
            {
                if (instrument is { Meter.Name: "AspireCqrs", Name: "consistency_checks" or "consistency_check_failures" })
                    to.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            // Other tests of this process check their models too; this one is nobody else's.
            if (tags[0].Value is "product-details")
                Interlocked.Add(ref instrument.Name == "consistency_checks" ? ref compared : ref different, value);
        });
        listener.Start();
        await using var instance = new ProjectionInstance(
            harness.Log, harness.ReadModelsConnection, [new Stores().Postgres(new ProductDetails())],
            new ConsistencyWatch(TimeSpan.FromMilliseconds(100), Sample: 5));
        await instance.Start();
        await harness.WaitFor("product-details", await harness.Append(Shop.Registered("A"), Shop.Registered("B")));

        var before = Interlocked.Read(ref compared);
        await ReadModelsHarness.Until(
            () => Task.FromResult(Interlocked.Read(ref compared) > before), "nothing was compared");
        await harness.Execute("UPDATE product_details_1.products SET price = 0.01 WHERE sku = 'A'");

        await ReadModelsHarness.Until(
            () => Task.FromResult(Interlocked.Read(ref different) > 0), "the difference was not found");
    }

    private static IReadOnlyList<IReadModel> Tables() =>
    [
        new Stores().Postgres(new ProductDetails()), new Stores().Postgres(new OrderDetails()),
        new Stores().Postgres(new Revenue()),
    ];

    private static async Task<CheckReport> Check(ProjectionOperations operations, string projection, bool repair)
    {
        var request = await operations.Check(projection, 500, repair, "test", Cancellation);
        var answer = await operations.Answer(request, Patience, Cancellation)
            ?? throw new TimeoutException("Nobody has taken the request up.");
        Assert.False(answer.Failed, answer.Words);
        return CheckReport.FromJson(answer.Words);
    }
}
