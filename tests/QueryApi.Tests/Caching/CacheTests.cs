using System.Net;
using System.Text.Json.Nodes;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Caching;

public sealed class CacheTests(RunningCommerce commerce)
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    [Fact]
    public async Task The_second_answer_comes_from_memory_with_the_same_bytes_and_tag()
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"));
        using var first = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token);

        using var second = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token);

        Assert.Contains("fwd=uri-miss", Status(first), StringComparison.Ordinal);
        Assert.Contains("stored", Status(first), StringComparison.Ordinal);
        Assert.Equal("query-api; hit", Status(second));
        Assert.Equal(await Body(first), await Body(second));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.NotEmpty(second.Headers.GetValues("Read-Position"));
        Assert.NotEmpty(second.Headers.GetValues("Staleness-Ms"));
    }

    [Fact]
    public async Task An_answer_from_memory_is_answered_304_to_who_has_it()
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"));
        using var first = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token);

        using var again = await commerce.Api.Send(
            "/products/LAMP-1", shop.Tenant, null, ("If-None-Match", first.Headers.ETag!.ToString()));
        using var other = await commerce.Api.Send(
            "/products/LAMP-1", shop.Tenant, null, ("If-None-Match", "\"something-else\""));

        Assert.Equal((HttpStatusCode.NotModified, "query-api; hit"), (again.StatusCode, Status(again)));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task An_event_of_the_thing_itself_ends_the_answer_and_another_things_does_not()
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"), shop.Received("LAMP-1", 5, onHand: 5));
        (await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token)).Dispose();

        // Not before this instance has followed the log so far: until then it reads the model to be sure.
        await Waiting.Until("an answer that nothing touched holds", async () =>
        {
            var other = await commerce.Append(shop.Registered($"LAMP-{Guid.NewGuid():N}"));
            using var untouched = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, other);
            return Status(untouched) == "query-api; hit";
        });
        var own = await commerce.Append(shop.Received("LAMP-1", 2, onHand: 7));
        using var changed = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, own);

        Assert.Contains("fwd=stale", Status(changed), StringComparison.Ordinal);
        Assert.Equal(7, (int)JsonNode.Parse(await Body(changed))!["stock"]!["onHand"]!);
    }

    [Fact]
    public async Task Lists_end_with_what_joins_them_and_with_what_changes_in_them()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var token = await commerce.Append(shop.Placed(first, "C1", "France", Shop.Line("LAMP-1", 1, 20)));
        Assert.Equal(["placed"], await Statuses(token));

        token = await commerce.Append(shop.Placed(second, "C1", "France", Shop.Line("LAMP-1", 1, 20)));
        Assert.Equal(["placed", "placed"], await Statuses(token));

        token = await commerce.Append(shop.Confirmed(first));
        Assert.Equal(["placed", "confirmed"], await Statuses(token));
    }

    [Fact]
    public async Task Searches_sales_and_suggestions_end_with_what_they_show()
    {
        string[] paths = ["/products?search=lantern", "/products/suggestions?prefix=storm", "/bestsellers", "/analytics/revenue"];
        var order = Guid.CreateVersion7();
        var token = await commerce.Append(
            shop.Registered("LAMP-1"), shop.Placed(order, "C1", "France", Shop.Line("LAMP-1", 3, 20)));
        var before = new List<string>();
        foreach (var path in paths)
            before.Add(await Items(path, token));

        await commerce.Append(shop.Registered("LAMP-2"));
        token = await commerce.Append(shop.Fulfilled(order));

        foreach (var (path, then) in paths.Zip(before))
            Assert.NotEqual(then, await Items(path, token));
    }

    [Fact]
    public async Task Tenants_and_parameters_do_not_share_answers()
    {
        var other = new Shop(RunningCommerce.NewTenant());
        var token = await commerce.Append(shop.Registered("LAMP-1", name: "Ours"), other.Registered("LAMP-1", name: "Theirs"));

        foreach (var _ in new[] { 1, 2 })
        {
            using var ours = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token);
            using var theirs = await commerce.Api.Send("/products/LAMP-1", other.Tenant, token);
            Assert.Contains("Ours", await Body(ours), StringComparison.Ordinal);
            Assert.Contains("Theirs", await Body(theirs), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_instance_finds_in_Redis_what_this_one_read()
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"));
        (await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token)).Dispose();
        await using var another = await RunningQueryApi.Start(
            commerce.Connections, TestContext.Current.CancellationToken);

        await Waiting.Until("the other instance knows that the answer holds", async () =>
        {
            var path = $"/products/LAMP-1?never-the-same={Guid.NewGuid():N}";
            using var _ = await commerce.Api.Send(path, shop.Tenant, token);
            using var found = await another.Send(path, shop.Tenant, token);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
            return Status(found) == "query-api; hit; detail=redis";
        });
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_read()
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"));
        (await commerce.Api.Send("/products/OTHER", shop.Tenant, token)).Dispose();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => commerce.Api.Send("/products/LAMP-1", shop.Tenant)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.InRange(answers.Count(answer => Status(answer).EndsWith("uri-miss; stored", StringComparison.Ordinal)), 1, 5);
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_an_answer_in_memory_too()
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"));
        (await commerce.Api.Send("/products/LAMP-1", shop.Tenant, token)).Dispose();

        foreach (var (name, value) in new[]
        {
            ("Consistency-Token", "soon"), ("Max-Staleness", "x"), ("Consistency-Timeout", "99"), ("Consistency", "what"),
        })
        {
            using var response = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, null, (name, value));
            await response.Error(name);
        }
    }

    [Fact]
    public async Task Without_the_log_an_answer_holds_until_its_model_moves()
    {
        await using var api = await RunningQueryApi.Start(
            commerce.Connections with { Commerce = "" }, TestContext.Current.CancellationToken);
        var token = await commerce.Append(shop.Registered("LAMP-1"));
        (await api.Send("/products/LAMP-1", shop.Tenant, token)).Dispose();

        token = await commerce.Append(shop.Received("LAMP-1", 3, onHand: 3));
        using var changed = await api.Send("/products/LAMP-1", shop.Tenant, token);

        Assert.Equal(3, (int)JsonNode.Parse(await Body(changed))!["stock"]!["onHand"]!);
    }

    private async Task<string[]> Statuses(long token)
    {
        using var response = await commerce.Api.Send("/customers/C1/orders", shop.Tenant, token);
        return [.. JsonNode.Parse(await Body(response))!["items"]!.AsArray().Select(item => (string)item!["status"]!)];
    }

    private async Task<string> Items(string path, long token)
    {
        using var response = await commerce.Api.Send(path, shop.Tenant, token);
        return JsonNode.Parse(await Body(response))!["items"]!.ToJsonString();
    }

    private static string Status(HttpResponseMessage response) => response.Headers.GetValues("Cache-Status").Single();

    private static Task<string> Body(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
