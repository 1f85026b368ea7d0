using System.Diagnostics;
using System.Text.Json.Nodes;
using Commerce.Contracts;
using EventStore;
using Npgsql;
using ProjectionControl;
using Projections.Catalog;
using Projections.Engine;
using Projections.Engine.Redis;
using Projections.Inventory;
using Projections.Ordering;
using Projections.Sales;
using Projections.Tests;
using Servers;
using StackExchange.Redis;
using OrderDetails = Projections.Ordering.OrderDetails;
using ProductDetails = Projections.Catalog.ProductDetails;

namespace Chaos.Projections;

/// <summary>
/// Everything that can be killed or stopped under the projections is, while events come and readers read.
/// </summary>
public sealed class ModelsUnderFireTests(TestServers servers, ITestOutputHelper output)
{
    private static readonly TimeSpan CatchUpWithin = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_model_equals_a_fresh_fold_afterwards_and_no_reader_saw_one_half_built()
    {
        await using var harness = await ReadModelsHarness.Start(servers, Cancellation);
        var broker = await servers.NewVirtualHost(Cancellation);
        var management = (await servers.RabbitMQ(Cancellation)).Endpoint("management");
        var redisServer = await servers.Redis(Cancellation);
        var elasticsearch = TestServers.HasElasticsearch ? await servers.Elasticsearch(Cancellation) : null;
        using var redis = RedisConnection.Open(redisServer.ConnectionString);
        await using var crew = Crew.Start(
            harness, broker, management, redisServer.ConnectionString, elasticsearch?.ConnectionString);
        var operations = new ProjectionOperations(harness.ReadModels);
        await Until(async () => (await States(operations)).Count(state => state.Live is not null) == 7, "All live");

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var readers = new Readers(harness);
        var reading = readers.Run(ending.Token);
        var writing = Write(harness, ending.Token);
        var random = new Random(1);
        output.WriteLine("kills");
        await Kill(crew, random, TimeSpan.FromSeconds(30));
        output.WriteLine("two rebuilds, and kills");
        await operations.Rebuild("order-details", null, "chaos", Cancellation);
        await operations.Rebuild("stock-levels", null, "chaos", Cancellation);
        await Kill(crew, random, TimeSpan.FromSeconds(20));
        output.WriteLine("Redis flushed");
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        await Kill(crew, random, TimeSpan.FromSeconds(10));
        output.WriteLine("PostgreSQL restarted");
        await (await servers.Postgres(Cancellation)).Restart(Cancellation);
        await Kill(crew, random, TimeSpan.FromSeconds(10));
        if (elasticsearch is not null)
        {
            output.WriteLine("Elasticsearch stopped for a minute");
            await elasticsearch.Stop(Cancellation);
            await Kill(crew, random, TimeSpan.FromSeconds(60), wait: false);
            await elasticsearch.Start(Cancellation);
        }

        await operations.Rebuild("product-search", null, "chaos", Cancellation);
        await Kill(crew, random, TimeSpan.FromSeconds(10));
        await ending.CancelAsync();
        var position = await writing;
        await reading;

        await Until(
            async () => (await States(operations)).Count(state =>
                state is { Building: null, Live: { } live } && live.Position >= position) == 7,
            $"Every model at {position} with no rebuild under way");
        output.WriteLine($"{crew.Deaths} processes killed, {readers.Readings} readings, position {position}");
        Assert.Empty(readers.Faults);
        Assert.All(await States(operations), state => Assert.Empty(state.Parked));
        Assert.Equal(2, (await operations.Find("order-details", Cancellation))!.Live!.Number);
        await AssertPostgres(harness);
        await AssertRedis(harness, redis.GetDatabase());
        await AssertSearch(harness, elasticsearch);
    }

    /// <summary>For so long, and two processes at least, however slow the machine.</summary>
    private static async Task Kill(Crew crew, Random random, TimeSpan length, bool wait = true)
    {
        var (started, before) = (Stopwatch.GetTimestamp(), crew.Deaths);
        while (Stopwatch.GetElapsedTime(started) < length || crew.Deaths < before + 2)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + random.NextDouble() * 5), Cancellation);
            await crew.KillOne(random, wait, Cancellation);
        }
    }

    /// <summary>Appends until it is told to end; an append whose outcome is unknown is repeated.</summary>
    /// <returns>The last position.</returns>
    private static async Task<long> Write(ReadModelsHarness harness, CancellationToken ending)
    {
        var position = 0L;
        for (var seed = 1; !ending.IsCancellationRequested; seed++)
        {
            foreach (var some in ShopHistory.Of(products: 20, orders: 100, seed).Chunk(25))
            {
                position = await Append(harness, some);
                await Task.Delay(TimeSpan.FromMilliseconds(50), ending)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (ending.IsCancellationRequested)
                    break;
            }
        }

        return position;
    }

    private static async Task<long> Append(ReadModelsHarness harness, IReadOnlyList<ICommerceEvent> events)
    {
        var request = new AppendRequest(
            [
                .. events.GroupBy(Shop.StreamOf).Select(stream =>
                    new StreamAppend(stream.Key, ExpectedVersion.Any, [.. stream])),
            ],
            new EventMetadata(Guid.CreateVersion7(), Shop.Tenant, DateTimeOffset.UtcNow));
        while (true)
        {
            try
            {
                return Assert.IsType<Appended>(await harness.Log.Append(request, Cancellation)).Positions.Max();
            }
            catch (Exception away) when (away is NpgsqlException or AppendOutcomeUnknownException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
            }
        }
    }

    private static async Task AssertPostgres(ReadModelsHarness harness)
    {
        Assert.Equal(
            (await harness.FoldLog(new OrderDetails())).Rows,
            await harness.ReadTable<OrderKey, OrderDetails.Row>(await Storage(harness, "order-details") + ".orders"));
        Assert.Equal(
            (await harness.FoldLog(new ProductDetails())).Rows,
            await harness.ReadTable<ProductKey, ProductDetails.Row>(
                await Storage(harness, "product-details") + ".products"));
        Assert.Equal(
            (await harness.FoldLog(new CustomerOrders())).Rows,
            await harness.ReadTable<OrderKey, CustomerOrders.Row>(
                await Storage(harness, "customer-orders") + ".customer_orders"));
        var revenue = await harness.FoldLog(new Revenue());
        Assert.Equal(
            revenue.Rows,
            await harness.ReadTable<OrderKey, Revenue.OpenOrder>(await Storage(harness, "revenue") + ".open_orders"));
        Assert.Equal(revenue.Totals.Count, await harness.Scalar<long>("SELECT count(*) FROM read.revenue"));
        Assert.Equal(
            revenue.Totals.Sum(total => total.Value.Amount),
            await harness.Scalar<decimal>("SELECT sum(amount) FROM read.revenue"));
        Assert.Equal(
            revenue.Totals.Sum(total => total.Value.Count),
            (long)await harness.Scalar<decimal>("SELECT sum(orders) FROM read.revenue"));
    }

    private static async Task AssertRedis(ReadModelsHarness harness, IDatabase redis)
    {
        var prefix = await Storage(harness, "stock-levels");
        var stock = Given.Fold(new StockLevels(), await harness.ReadLog(new StockLevels().EventTypes));
        foreach (var (key, level, position) in stock.Rows)
        {
            var hash = await redis.HashGetAsync($"{prefix}/{key.Tenant}/{key.Sku}", ["onHand", "reserved", "position"]);
            Assert.Equal([level!.OnHand, level.Reserved, position], hash.Select(value => (long)value));
        }

        prefix = await Storage(harness, "bestsellers");
        var sold = Given.Fold(new Bestsellers(), await harness.ReadLog(new Bestsellers().EventTypes)).Totals
            .GroupBy(total => ((Bestsellers.Product)total.Key).Sku)
            .ToDictionary(totals => totals.Key, totals => (double)totals.Sum(total => total.Value.Count));
        var scores = await redis.SortedSetRangeByRankWithScoresAsync($"{prefix}/all/{Shop.Tenant}");
        Assert.Equal(sold, scores.ToDictionary(entry => (string)entry.Element!, entry => entry.Score));
    }

    private static async Task AssertSearch(ReadModelsHarness harness, TestServer? elasticsearch)
    {
        var fold = Given.Fold(new ProductSearch(), await harness.ReadLog(new ProductSearch().EventTypes));
        var expected = fold.Rows.ToDictionary(row => row.Key.Sku, row => row.Row!.Name);
        if (elasticsearch is null)
        {
            Assert.Equal(expected.Count, await harness.Scalar<long>("SELECT count(*) FROM read.product_search"));
            return;
        }

        using var http = new HttpClient { BaseAddress = new Uri(elasticsearch.ConnectionString) };
        var answer = JsonNode.Parse(
            await http.GetStringAsync("product-search/_search?size=1000&q=tenant:demo", Cancellation))!;
        Assert.Equal(expected, answer["hits"]!["hits"]!.AsArray().ToDictionary(
            hit => (string)hit!["_source"]!["sku"]!, hit => (string)hit!["_source"]!["name"]!));
    }

    private static async Task<string> Storage(ReadModelsHarness harness, string projection) =>
        (await harness.Scalar<string>($"SELECT storage FROM read.checkpoints WHERE projection = '{projection}'"))!;

    private static async Task<IReadOnlyList<ProjectionState>> States(ProjectionOperations operations)
    {
        try
        {
            return await operations.List(Cancellation);
        }
        catch (Exception away) when (away is NpgsqlException or ProjectionsMissingException)
        {
            return [];
        }
    }

    private static async Task Until(Func<Task<bool>> condition, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(CatchUpWithin);
        while (!await condition())
        {
            await Task.Delay(200, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(limit.IsCancellationRequested, $"Not in time: {what}");
        }
    }
}
