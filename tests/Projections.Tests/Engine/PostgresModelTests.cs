using Npgsql;
using Projections.Engine;
using Projections.Engine.Checkpoints;
using Projections.Ordering;
using Projections.Sales;
using Servers;
using OrderDetails = Projections.Ordering.OrderDetails;
using ProductDetails = Projections.Catalog.ProductDetails;

namespace Projections.Tests.Engine;

public sealed class PostgresModelTests(TestServers servers)
{
    private static readonly Stores Stores = new();

    private static IReadOnlyList<IReadModel> All =>
    [
        Stores.Postgres(new ProductDetails()), Stores.Postgres(new OrderDetails()),
        Stores.Postgres(new CustomerOrders()), Stores.Postgres(new Revenue()),
        Stores.Postgres(new Projections.Catalog.ProductSearch()),
    ];

    [Fact]
    public async Task Every_model_equals_a_fresh_fold_of_the_log()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        await harness.StartInstance(All);
        var history = ShopHistory.Of(products: 30, orders: 200);
        var position = 0L;
        foreach (var some in history.Chunk(37))
            position = await harness.Append(some);

        foreach (var model in All)
            await harness.WaitFor(model.Name, position);

        Assert.Equal(
            (await harness.FoldLog(new ProductDetails())).Rows,
            await harness.ReadTable<Projections.Catalog.ProductKey, ProductDetails.Row>("product_details_1.products"));
        Assert.Equal(
            (await harness.FoldLog(new OrderDetails())).Rows,
            await harness.ReadTable<OrderKey, OrderDetails.Row>("order_details_1.orders"));
        Assert.Equal(
            (await harness.FoldLog(new CustomerOrders())).Rows,
            await harness.ReadTable<OrderKey, CustomerOrders.Row>("customer_orders_1.customer_orders"));
        Assert.Equal(
            (await harness.FoldLog(new Projections.Catalog.ProductSearch())).Rows,
            await harness.ReadTable<Projections.Catalog.ProductKey, Projections.Catalog.ProductSearch.Row>(
                "product_search_1.product_search"));
        var revenue = await harness.FoldLog(new Revenue());
        Assert.Equal(revenue.Rows, await harness.ReadTable<OrderKey, Revenue.OpenOrder>("revenue_1.open_orders"));
        Assert.Equal(
            revenue.Totals.ToDictionary(total => (Revenue.Group)total.Key, total => total.Value),
            await ReadRevenue(harness));
    }

    [Fact]
    public async Task A_restarted_instance_goes_on_where_the_one_before_stopped()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var order = Guid.CreateVersion7();
        var first = await harness.StartInstance(Stores.Postgres(new Revenue()));
        await harness.WaitFor("revenue", await harness.Append(Shop.Placed(order, lines: Shop.Line("A", 2, 10m))));
        await first.Stop();
        var position = await harness.Append(Shop.Completed(order));

        await harness.StartInstance(Stores.Postgres(new Revenue()));
        await harness.WaitFor("revenue", position);

        Assert.Equal(
            new Figures(1, 20m), (await ReadRevenue(harness)).Single(total => total.Key.Grouping == "country").Value);
    }

    [Fact]
    public async Task Of_two_instances_one_fills_the_model_and_the_other_takes_over_when_it_is_gone()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var history = ShopHistory.Of(products: 5, orders: 60);
        await harness.StartInstance(Stores.Postgres(new Revenue()));
        await harness.StartInstance(Stores.Postgres(new Revenue()));
        var position = 0L;
        foreach (var some in history.Chunk(25))
        {
            position = await harness.Append(some);
            // What a kill or a cut cable does: the session with the lease is gone, in the middle of whatever it does.
            await harness.Execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_locks
                WHERE locktype = 'advisory' AND granted
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """);
        }

        await harness.WaitFor("revenue", position);

        var fold = await harness.FoldLog(new Revenue());
        Assert.Equal(
            fold.Totals.ToDictionary(total => (Revenue.Group)total.Key, total => total.Value),
            await ReadRevenue(harness));
        Assert.Equal(fold.Rows, await harness.ReadTable<OrderKey, Revenue.OpenOrder>("revenue_1.open_orders"));
    }

    [Fact]
    public async Task A_lease_that_is_given_back_can_be_taken_by_another_process_at_once()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var harness = await ReadModelsHarness.Start(servers, cancellationToken);
        await using var other = NpgsqlDataSource.Create(harness.ReadModelsConnection);
        var model = Stores.Postgres(new Revenue());
        var held = await WriterSession.TryAcquire(harness.ReadModels, model, cancellationToken);
        Assert.NotNull(held);
        Assert.Null(await WriterSession.TryAcquire(other, model, cancellationToken));

        await held.DisposeAsync();

        await using var taken = await WriterSession.TryAcquire(other, model, cancellationToken);
        Assert.NotNull(taken);
        Assert.Equal("0", await harness.Scalar<string>("SHOW idle_session_timeout"));
    }

    [Fact]
    public async Task An_event_that_the_store_refuses_parks_its_stream_alone()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var (good, bad) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await harness.WaitForModels(Stores.Postgres(new CustomerOrders()));
        await harness.Execute(
            "ALTER TABLE customer_orders_1.customer_orders ADD CONSTRAINT no_fraud CHECK (customer_id <> 'fraud')");

        await harness.Append(
            Shop.Placed(good, lines: Shop.Line("A", 1, 10m)),
            Shop.Placed(bad, customer: "fraud", lines: Shop.Line("A", 1, 10m)),
            Shop.Confirmed(bad));
        await harness.WaitFor("customer-orders", await harness.Append(Shop.Confirmed(good), Shop.Shipped(bad)));

        var rows = await harness.ReadTable<OrderKey, CustomerOrders.Row>("customer_orders_1.customer_orders");
        Assert.Contains("confirmed", Assert.Single(rows).Value);
        Assert.Equal($"order/demo/{bad}", await harness.Scalar<string>("SELECT stream FROM read.parked"));
        Assert.Equal(1, await harness.Scalar<long>("SELECT version FROM read.parked"));
        Assert.Contains("no_fraud", await harness.Scalar<string>("SELECT error FROM read.parked"));
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_parks_its_stream_alone()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var (good, bad) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await harness.Append(
            Shop.Placed(bad, lines: Shop.Line("A", 1, 10m)), Shop.Placed(good, lines: Shop.Line("A", 1, 10m)));
        await using (var commerce = NpgsqlDataSource.Create(harness.CommerceConnection))
        {
            await using var spoil = commerce.CreateCommand(
                $"""UPDATE eventstore.events SET data = '[]' WHERE stream = 'order/demo/{bad}'""");
            await spoil.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await harness.StartInstance(Stores.Postgres(new CustomerOrders()));
        await harness.WaitFor("customer-orders", await harness.Append(Shop.Confirmed(good), Shop.Confirmed(bad)));

        var rows = await harness.ReadTable<OrderKey, CustomerOrders.Row>("customer_orders_1.customer_orders");
        Assert.Equal(good, Assert.Single(rows).Key.OrderId);
        Assert.Contains("cannot be read", await harness.Scalar<string>("SELECT error FROM read.parked"));
    }

    [Fact]
    public async Task A_new_version_is_filled_beside_the_live_one_and_then_takes_its_place()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var order = Guid.CreateVersion7();
        var old = await harness.StartInstance(Stores.Postgres(new CustomerOrders()));
        await harness.WaitFor(
            "customer-orders", await harness.Append(Shop.Placed(order, lines: Shop.Line("A", 1, 10m))));
        await old.Stop();
        await harness.Execute("UPDATE projections.checkpoints SET version = 0, fingerprint = 'of another declaration'");
        await harness.Append(Shop.Confirmed(order));

        await harness.StartInstance(Stores.Postgres(new CustomerOrders()));
        await ReadModelsHarness.Until(
            async () => await harness.Scalar<string>("SELECT storage FROM read.checkpoints") == "customer_orders_2",
            "The new version did not go live");

        Assert.Equal("confirmed", await harness.Scalar<string>("SELECT status FROM read.customer_orders"));
        Assert.Equal("placed", await harness.Scalar<string>("SELECT status FROM customer_orders_1.customer_orders"));
    }

    [Fact]
    public async Task A_changed_declaration_of_the_same_version_is_refused()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        var first = await harness.WaitForModels(Stores.Postgres(new CustomerOrders()));
        await first.Stop();
        await harness.Execute("UPDATE projections.checkpoints SET fingerprint = 'of another declaration'");

        await harness.StartInstance(Stores.Postgres(new CustomerOrders()));

        await ReadModelsHarness.Until(
            async () => await harness.Scalar<string>("SELECT error FROM read.checkpoints") is { } error
                && error.Contains("raise it", StringComparison.Ordinal),
            "The change was not refused");
    }

    [Fact]
    public async Task The_reader_role_reads_the_views_and_can_change_nothing()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        await harness.StartInstance(All);
        var position = await harness.Append(Shop.Registered("71053"));
        foreach (var model in All)
            await harness.WaitFor(model.Name, position);
        await using var reader = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(harness.ReadModelsConnection) { Options = "-c role=cqrs_reader" });

        await using var select = reader.CreateCommand("SELECT name FROM read.products");
        Assert.Equal("Lantern", await select.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        foreach (var sql in (string[])
        [
            "DELETE FROM read.products", "DELETE FROM product_details_1.products",
            "UPDATE read.checkpoints SET position = 0", "CREATE TABLE read.mine ()",
        ])
        {
            await using var change = reader.CreateCommand(sql);
            var refusal = await Assert.ThrowsAsync<PostgresException>(
                () => change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    [Fact]
    public async Task A_checkpoint_announces_itself()
    {
        await using var harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        await using var listener = await harness.ReadModels.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var heard = new TaskCompletionSource<string>();
        listener.Notification += (_, notification) => heard.TrySetResult(notification.Payload);
        await using var listen = new NpgsqlCommand("LISTEN readmodels_checkpoints", listener);
        await listen.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var position = await harness.Append(Shop.Registered("71053"));

        await harness.StartInstance(Stores.Postgres(new ProductDetails()));
        await listener.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal($"product-details:{position}", await heard.Task);
    }

    private static async Task<Dictionary<Revenue.Group, Figures>> ReadRevenue(ReadModelsHarness harness)
    {
        var totals = new Dictionary<Revenue.Group, Figures>();
        await using var command = harness.ReadModels.CreateCommand(
            """SELECT tenant, "grouping", day, key, currency, orders, amount FROM read.revenue""");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            totals.Add(
                new Revenue.Group(
                    reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateOnly>(2), reader.GetString(3),
                    reader.GetString(4)),
                new Figures(reader.GetInt64(5), reader.GetDecimal(6)));
        }

        return totals;
    }
}
