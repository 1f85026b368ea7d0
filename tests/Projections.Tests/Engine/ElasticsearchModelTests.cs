using System.Text.Json.Nodes;
using Commerce.Contracts.Catalog;
using ProjectionControl;
using Projections.Catalog;
using Projections.Engine;
using Projections.Engine.Elasticsearch;
using Servers;

namespace Projections.Tests.Engine;

/// <summary>
/// One test after the other: they share the index. On a machine without Elasticsearch the search model is in
/// PostgreSQL, and <see cref="PostgresModelTests"/> is all there is to test.
/// </summary>
public sealed class ElasticsearchModelTests(TestServers servers) : IAsyncLifetime
{
    private ReadModelsHarness harness = null!;
    private TestServer server = null!;
    private ElasticsearchClient elasticsearch = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(TestServers.HasElasticsearch, "This machine has no Elasticsearch: search is in PostgreSQL.");
        server = await servers.Elasticsearch(TestContext.Current.CancellationToken);
        elasticsearch = ElasticsearchConnection.Open(server.ConnectionString);
        if (await elasticsearch.Find("product-search.1", TestContext.Current.CancellationToken) is not null)
            await Send(HttpMethod.Delete, "product-search.1");
        harness = await ReadModelsHarness.Start(servers, TestContext.Current.CancellationToken);
        await harness.StartInstance(new Stores(elasticsearch: elasticsearch).Search(new ProductSearch()));
    }

    public async ValueTask DisposeAsync()
    {
        if (harness is not null)
            await harness.DisposeAsync();
    }

    [Fact]
    public async Task A_product_is_found_as_soon_as_the_checkpoint_has_reached_it()
    {
        var position = await harness.Append(
            Shop.Registered("71053", "White metal lantern"), Shop.Registered("85123A", "Hanging heart"));
        await harness.WaitFor("product-search", position);
        Assert.Equal(["71053"], await Search("lanterns"));

        await harness.WaitFor("product-search", await harness.Append(
            new ProductRenamed(Shop.Tenant, "71053", "Iron candlestick")));

        Assert.Empty(await Search("lanterns"));
        Assert.Equal(["71053"], await Search("candlesticks"));
    }

    [Fact]
    public async Task Documents_that_were_changed_by_hand_are_found_and_repaired()
    {
        await harness.WaitFor("product-search", await harness.Append(
            Shop.Registered("71053", "White metal lantern"), Shop.Registered("85123A", "Hanging heart")));
        await Send(HttpMethod.Post, "product-search/_update/demo%2F71053", """{ "doc": { "name": "Sofa" } }""");
        await Send(HttpMethod.Delete, "product-search/_doc/demo%2F85123A");
        var operations = new ProjectionOperations(harness.ReadModels);

        Assert.Equal(2, (await Check(operations, repair: true)).Differences.Count);

        Assert.Empty((await Check(operations, repair: false)).Differences);
        Assert.Equal(["71053"], await Search("lanterns"));
        Assert.Equal(["85123A"], await Search("heart"));
    }

    private static async Task<CheckReport> Check(ProjectionOperations operations, bool repair)
    {
        RequestAnswer? answer = null;
        // Refused while the writer begins anew, as it does after a request that took Elasticsearch too long.
        await ReadModelsHarness.Until(
            async () =>
            {
                var cancellation = TestContext.Current.CancellationToken;
                var request = await operations.Check("product-search", 100, repair, "test", cancellation);
                answer = await operations.Answer(request, TimeSpan.FromMinutes(1), cancellation);
                return answer is { Failed: false };
            },
            "the check was refused");
        return CheckReport.FromJson(answer!.Words);
    }

    [Fact]
    public async Task The_index_equals_a_fresh_fold_of_the_log()
    {
        var position = await harness.Append(ShopHistory.Of(products: 40, orders: 10));
        await harness.WaitFor("product-search", position);

        var answer = await Send(
            HttpMethod.Post, "product-search/_search",
            """{ "size": 100, "query": { "term": { "tenant": "demo" } } }""");
        var found = answer["hits"]!["hits"]!.AsArray().ToDictionary(
            hit => (string)hit!["_id"]!, hit => (string)hit!["_source"]!["name"]!);

        var fold = Given.Fold(new ProductSearch(), await harness.ReadLog(new ProductSearch().EventTypes));
        Assert.Equal(fold.Rows.ToDictionary(row => $"demo/{row.Key.Sku}", row => row.Row!.Name), found);
    }

    [Fact]
    public async Task A_deleted_index_is_made_and_filled_again_without_being_asked()
    {
        await harness.WaitFor("product-search", await harness.Append(Shop.Registered("71053", "White metal lantern")));

        await Send(HttpMethod.Delete, "product-search.1");
        await harness.Append(Shop.Registered("85123A", "Paper lantern"));

        await ReadModelsHarness.Until(
            async () => await elasticsearch.Find("product-search", TestContext.Current.CancellationToken) is not null
                && (await Search("lantern")).Count == 2,
            "The index stayed empty");
        var mapping = await Send(HttpMethod.Get, "product-search/_mapping");
        Assert.Equal("strict", (string?)mapping["product-search.1"]!["mappings"]!["dynamic"]);
    }

    [Fact]
    public async Task A_stopped_elasticsearch_is_caught_up_when_it_is_back()
    {
        await harness.WaitFor("product-search", await harness.Append(Shop.Registered("71053", "White metal lantern")));
        await server.Stop(TestContext.Current.CancellationToken);
        var position = await harness.Append(Shop.Registered("85123A", "Paper lantern"));
        await ReadModelsHarness.Until(
            async () => await harness.Scalar<string>("SELECT error FROM read.checkpoints") is not null,
            "The error is not shown");

        await server.Start(TestContext.Current.CancellationToken);
        await harness.WaitFor("product-search", position);

        Assert.Equal(["71053", "85123A"], (await Search("lantern")).Order());
    }

    private async Task<IReadOnlyList<string>> Search(string words)
    {
        var answer = await Send(HttpMethod.Post, "product-search/_search", new JsonObject
        {
            ["query"] = new JsonObject
            {
                ["bool"] = new JsonObject
                {
                    ["filter"] = new JsonObject { ["term"] = new JsonObject { ["tenant"] = Shop.Tenant } },
                    ["must"] = new JsonObject { ["match"] = new JsonObject { ["name"] = words } },
                },
            },
        }.ToJsonString());
        return [.. answer["hits"]!["hits"]!.AsArray().Select(hit => (string)hit!["_source"]!["sku"]!)];
    }

    private Task<JsonNode> Send(HttpMethod method, string path, string? body = null) =>
        elasticsearch.Send(method, path, body, TestContext.Current.CancellationToken);
}
