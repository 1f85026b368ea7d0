using EventStore;
using Npgsql;
using Projections.Engine;
using Projections.Engine.Checkpoints;
using Projections.Engine.Postgres;
using Projections.Ordering;
using Servers;

namespace Projections.Tests.Engine;

/// <summary>The first rows of a build are written to PostgreSQL while later ones are folded.</summary>
public sealed class FillingTests(TestServers servers)
{
    private const string Table = "customer_orders_2.customer_orders";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(1000)]
    public async Task Rows_that_change_again_when_they_are_written_end_as_a_fresh_fold(int keptBack)
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        // Three times a hundred orders, one after the other, and then a late word about some of the first.
        var late = Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7()).ToList();
        await harness.Append([.. late.Select(order => Shop.Placed(order, lines: Shop.Line("A", 1, 10m)))]);
        for (var seed = 1; seed <= 3; seed++)
            await harness.Append(ShopHistory.Of(products: 5, orders: 100, seed));
        await harness.Append([.. late.Take(20).Select(Shop.Confirmed)]);
        await using var session = await Begin(harness);
        await using var filling = Of(session, keptBack);

        foreach (var batch in await Batches(harness, size: 50))
        {
            Assert.Empty(await filling.Take(batch, Cancellation));
            await filling.Writing;
        }

        await filling.Save(Cancellation);

        var fold = await harness.FoldLog(new CustomerOrders());
        Assert.Equal(340, fold.Rows.Count);
        Assert.Equal(fold.Rows, await harness.ReadTable<OrderKey, CustomerOrders.Row>(Table));
        Assert.Equal(
            "customer_orders_newest,customer_orders_pkey",
            await harness.Scalar<string>(
                """
                SELECT string_agg(indexname, ',' ORDER BY indexname) FROM pg_indexes
                WHERE schemaname = 'customer_orders_2'
                """));
    }

    [Fact]
    public async Task Rows_that_came_last_have_room_to_change_and_the_others_fill_their_pages()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.Append(
            [.. Enumerable.Range(0, 300).Select(_ => Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m)))]);
        await using var session = await Begin(harness);
        await using var filling = Of(session, keptBack: 150);

        await filling.Take((await Batches(harness, size: 300)).Single(), Cancellation);
        await filling.Save(Cancellation);

        var (settled, last) = (await RowsOnPage(harness, 0), await RowsOnPage(harness, 2));
        Assert.InRange(last, settled * 0.65, settled * 0.75);
        Assert.Equal(
            "fillfactor=70",
            await harness.Scalar<string>(
                $"SELECT array_to_string(reloptions, ',') FROM pg_class WHERE oid = '{Table}'::regclass"));
    }

    [Fact]
    public async Task Rows_are_written_before_the_last_event_is_folded_and_are_gone_where_it_comes_to_no_end()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.Append(
            [.. Enumerable.Range(0, 100).Select(_ => Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m)))]);
        await using var session = await Begin(harness);
        var batches = await Batches(harness, size: 10);
        await using (var left = Of(session, keptBack: 40))
        {
            foreach (var batch in batches)
            {
                await left.Take(batch, Cancellation);
                await left.Writing;
            }

            Assert.InRange(await Count(session.Connection), 50, 60);
        }

        Assert.Equal(0, await Count(session.Connection));
        Assert.Equal(0, session.Position);
        await using var filling = Of(session, keptBack: 40);
        foreach (var batch in batches)
            await filling.Take(batch, Cancellation);
        await filling.Save(Cancellation);

        Assert.Equal(100, await harness.Scalar<long>($"SELECT count(*) FROM {Table}"));
        Assert.Equal(batches[^1].Position, await harness.Scalar<long>(
            "SELECT position FROM projections.checkpoints WHERE projection = 'customer-orders' AND build = 2"));
    }

    [Fact]
    public async Task A_session_that_is_killed_meanwhile_has_written_nothing_and_another_begins_anew()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.Append(ShopHistory.Of(products: 5, orders: 200));
        var batches = await Batches(harness, size: 50);
        await using (var killed = await Begin(harness))
        await using (var filling = Of(killed, keptBack: 40))
        {
            foreach (var batch in batches)
            {
                await filling.Take(batch, Cancellation);
                await filling.Writing;
            }

            Assert.NotEqual(0, await Count(killed.Connection));
            await harness.Execute($"SELECT pg_terminate_backend({killed.Connection.ProcessID}, 10000)");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => filling.Save(Cancellation));
        }

        Assert.Equal(0, await harness.Scalar<long>($"SELECT count(*) FROM {Table}"));
        await using var session = await WriterSession.OpenBeside(harness.ReadModels, Cancellation);
        var model = new Stores().Postgres(new CustomerOrders());
        await using (var connection = await harness.ReadModels.OpenConnectionAsync(Cancellation))
            await session.Take((await Builds.Read(model.Name, connection, Cancellation))[0], Cancellation);
        await model.Open(session, Cancellation);
        await using var again = Of(session, keptBack: 40);
        foreach (var batch in batches)
            await again.Take(batch, Cancellation);
        await again.Save(Cancellation);

        Assert.Equal(
            (await harness.FoldLog(new CustomerOrders())).Rows,
            await harness.ReadTable<OrderKey, CustomerOrders.Row>(Table));
    }

    [Fact]
    public async Task A_stream_that_is_parked_meanwhile_is_listed_at_once()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.Append(
            [.. Enumerable.Range(0, 60).Select(_ => Shop.Placed(Guid.CreateVersion7(), lines: Shop.Line("A", 1, 10m)))]);
        var unknown = Guid.CreateVersion7();
        await harness.Append(Shop.Confirmed(unknown));
        await using var session = await Begin(harness);
        await using var filling = Of(session, keptBack: 8);

        foreach (var batch in await Batches(harness, size: 20))
            await filling.Take(batch, Cancellation);

        Assert.Equal(
            $"order/demo/{unknown}",
            await harness.Scalar<string>("SELECT stream FROM projections.parked WHERE build = 2"));
        await filling.Save(Cancellation);
        Assert.Equal(60, await harness.Scalar<long>($"SELECT count(*) FROM {Table}"));
    }

    [Fact]
    public async Task Data_that_is_refused_early_leaves_the_table_as_it_was()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        await harness.Append(
        [
            .. Enumerable.Range(0, 60).Select(number => Shop.Placed(
                Guid.CreateVersion7(), customer: number == 3 ? "fraud" : "17850", lines: Shop.Line("A", 1, 10m))),
        ]);
        await using var session = await Begin(harness);
        await harness.Execute($"ALTER TABLE {Table} ADD CONSTRAINT no_fraud CHECK (customer_id <> 'fraud')");
        await using (var filling = Of(session, keptBack: 8))
        {
            var refusal = await Assert.ThrowsAsync<StoreRefusedException>(async () =>
            {
                foreach (var batch in await Batches(harness, size: 20))
                    await filling.Take(batch, Cancellation);
                await filling.Save(Cancellation);
            });
            Assert.Contains("no_fraud", refusal.Message);
        }

        Assert.Equal(0, await Count(session.Connection));
        Assert.Equal(
            "customer_orders_pkey",
            await harness.Scalar<string>(
                $"SELECT conname FROM pg_constraint WHERE conrelid = '{Table}'::regclass AND contype = 'p'"));
    }

    private static Filling<OrderKey, CustomerOrders.Row> Of(WriterSession session, int keptBack)
    {
        var projection = new CustomerOrders();
        return new Filling<OrderKey, CustomerOrders.Row>(
            projection, new PostgresModel<OrderKey, CustomerOrders.Row>(projection.Postgres), session, keptBack);
    }

    /// <summary>A session that fills a second build, beside a live one that nobody follows any more.</summary>
    private static async Task<WriterSession> Begin(ReadModelsHarness harness)
    {
        var model = new Stores().Postgres(new CustomerOrders());
        var instance = await harness.WaitForModels(model);
        await instance.Stop();
        await using var connection = await harness.ReadModels.OpenConnectionAsync(Cancellation);
        var build = await Builds.Add(
            model, await Builds.Read(model.Name, connection, Cancellation), from: 0, connection, Cancellation);
        var session = await WriterSession.OpenBeside(harness.ReadModels, Cancellation);
        await session.Take(build, Cancellation);
        await model.Open(session, Cancellation);
        return session;
    }

    private static async Task<IReadOnlyList<EventBatch>> Batches(ReadModelsHarness harness, int size)
    {
        var log = await harness.ReadLog(new CustomerOrders().EventTypes);
        return
        [
            .. log.Chunk(size).Select(events => new EventBatch(events, events[^1].Position, log[^1].Position)),
        ];
    }

    private static Task<long> RowsOnPage(ReadModelsHarness harness, int page) =>
        harness.Scalar<long>($"SELECT count(*) FROM {Table} WHERE (ctid::text::point)[0] = {page}");

    private static async Task<long> Count(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {Table}", connection);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
