using System.Net;
using CommandLog;
using Commerce.Contracts;
using Commerce.Contracts.Catalog;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;

namespace CommandApi.Tests;

/// <summary>The rows of the HTTP API: what each request becomes, and how it is answered.</summary>
public sealed class CommandTests(SharedApi shared)
{
    private static readonly Guid OrderId = Guid.Parse("0199a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b");
    private static readonly Money Price = new(12.50m, "GBP");
    private readonly string tenant = $"t-{Guid.NewGuid():N}";

    private static string OrderWithId => $$"""{ "orderId": "{{OrderId}}", {{Requests.Order.Trim()[1..]}}""";

    public static TheoryData<string, string, HttpStatusCode, string?> Rows => new()
    {
        { "/products", Requests.Product, HttpStatusCode.Created, "/products/MUG-1" },
        { "/products/MUG-1/price", """{ "price": { "amount": 12.50, "currency": "GBP" } }""", HttpStatusCode.OK, null },
        { "/products/MUG-1/name", """{ "name": "Cup" }""", HttpStatusCode.OK, null },
        { "/products/MUG-1/category", """{ "category": "Gifts" }""", HttpStatusCode.OK, null },
        { "/products/MUG-1/discontinuation", """{ "reason": "old" }""", HttpStatusCode.OK, null },
        { "/products/MUG-1/discontinuation", "{}", HttpStatusCode.OK, null },
        { "/stock/MUG-1/receipts", """{ "quantity": 100, "reference": "PO 7" }""", HttpStatusCode.OK, null },
        { "/stock/MUG-1/adjustments", """{ "quantity": -3, "reason": "broken" }""", HttpStatusCode.OK, null },
        { "/orders", OrderWithId, HttpStatusCode.Created, $"/orders/{OrderId}" },
        { $"/orders/{OrderId}/cancellation", """{ "reason": "no more" }""", HttpStatusCode.OK, null },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_command_is_handled_and_answered_when_it_is_done(
        string path, string body, HttpStatusCode status, string? location)
    {
        var api = await shared.Get();
        var answer = await api.Http.Post(path, body, tenant, ("Prefer", "wait=30"));
        answer.Is(status);
        Assert.Equal(location, answer.Header("Location"));
        Assert.Equal("completed", answer["status"]);
        Assert.Equal("wait", answer.Header("Preference-Applied"));
        Assert.Equal(answer["consistencyToken"], answer.Header("Consistency-Token"));
        Assert.Equal(answer.CommandId, Assert.Single(api.Workflows.For(tenant)).CommandId);
        Assert.Equal(7, answer.CommandId.Version);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_command_is_accepted_and_can_be_looked_up(
        string path, string body, HttpStatusCode done, string? created)
    {
        var api = await shared.Get();
        var answer = (await api.Http.Post(path, body, tenant)).Is(HttpStatusCode.Accepted);
        Assert.Equal("accepted", answer["status"]);
        Assert.Equal($"/commands/{answer.CommandId}", answer.Header("Location"));
        Assert.Null(answer.Header("Preference-Applied"));
        var status = (await api.Http.Get(answer.Header("Location")!, tenant)).Is(HttpStatusCode.OK);
        Assert.Equal(answer.CommandId, status.CommandId);
        Assert.NotEmpty(status["receivedAt"]);
        Assert.True(done == HttpStatusCode.Created || created is null);
    }

    [Fact]
    public async Task A_command_says_what_the_request_said()
    {
        var api = await shared.Get();
        foreach (var row in Rows)
            (await api.Http.Post(row.Data.Item1, row.Data.Item2, tenant, ("Prefer", "wait=30"))).Is(row.Data.Item3);
        var commands = api.Workflows.For(tenant).Select(received => received.Command).ToList();
        var order = Assert.Single(commands.OfType<PlaceOrder>());
        commands.Remove(order);
        Assert.Equal<ICommerceCommand>(
            [
                new RegisterProduct(tenant, "MUG-1", "Mug", null, null, "Kitchen", Price),
                new RepriceProduct(tenant, "MUG-1", Price),
                new RenameProduct(tenant, "MUG-1", "Cup"),
                new CategorizeProduct(tenant, "MUG-1", "Gifts"),
                new DiscontinueProduct(tenant, "MUG-1", "old"),
                new DiscontinueProduct(tenant, "MUG-1", null),
                new ReceiveStock(tenant, "MUG-1", 100, "PO 7"),
                new AdjustStock(tenant, "MUG-1", -3, "broken"),
                new RequestOrderCancellation(tenant, OrderId, "no more"),
            ],
            commands);
        Assert.Equal(OrderId, order.OrderId);
        Assert.Equal([new RequestedLine("MUG-1", 2, null)], order.Lines);
        Assert.Equal(new ShippingAddress("Ann", "1 High St", null, "York", null, "GB"), order.ShippingAddress);
        Assert.Equal(("c-1", "tok_ok"), (order.CustomerId, order.CardToken));
    }

    [Fact]
    public async Task An_order_without_an_id_gets_one()
    {
        var api = await shared.Get();
        var answer = await api.Http.Post("/orders", Requests.Order, tenant, ("Prefer", "wait=30"));
        answer.Is(HttpStatusCode.Created);
        var placed = (PlaceOrder)Assert.Single(api.Workflows.For(tenant)).Command;
        Assert.Equal(placed.OrderId.ToString(), answer["orderId"]);
        Assert.Equal($"/orders/{placed.OrderId}", answer.Header("Location"));
    }

    [Fact]
    public async Task A_command_not_done_in_time_is_accepted()
    {
        var api = await shared.Get();
        api.Workflows.Plot(tenant, (_, _) => null);
        var answer = await api.Http.Post("/products", Requests.Product, tenant, ("Prefer", "wait=1"));
        answer.Is(HttpStatusCode.Accepted);
        Assert.Equal($"/commands/{answer.CommandId}", answer.Header("Location"));
        Assert.Null(answer.Header("Preference-Applied"));
    }

    [Theory]
    [InlineData("sku-taken", HttpStatusCode.Conflict)]
    [InlineData("insufficient-stock", HttpStatusCode.Conflict)]
    [InlineData("order-minimum-total", HttpStatusCode.UnprocessableEntity)]
    public async Task A_broken_rule_is_named(string rule, HttpStatusCode status)
    {
        var api = await shared.Get();
        api.Workflows.Plot(
            tenant, (id, _) => new CommandRejected(id, tenant, "RegisterProduct", rule, "because it is so"));
        var answer = await api.Http.Post("/products", Requests.Product, tenant, ("Prefer", "wait=30"));
        answer.IsProblem(status, $"urn:rule:{rule}");
        Assert.Equal("because it is so", answer["detail"]);
        var later = (await api.Http.Get($"/commands/{answer.CommandId}", tenant)).Is(HttpStatusCode.OK);
        Assert.Equal("rejected", later["status"]);
        Assert.Equal(rule, later.Json.GetProperty("rejection").GetProperty("rule").GetString());
        Assert.Equal("because it is so", later.Json.GetProperty("rejection").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_command_that_could_not_be_handled_is_said_to_have_failed()
    {
        var api = await shared.Get();
        api.Workflows.Plot(tenant, (id, _) => new CommandFailed(id, tenant, "RegisterProduct", "division by zero"));
        var answer = await api.Http.Post("/products", Requests.Product, tenant, ("Prefer", "wait=30"));
        answer.IsProblem(HttpStatusCode.InternalServerError, "urn:problem:command-failed");
        var id = Assert.Single(api.Workflows.For(tenant)).CommandId;
        var later = await api.Http.Get($"/commands/{id}", tenant);
        Assert.Equal(("failed", "division by zero"), (later["status"], later["failure"]));
    }

    [Fact]
    public async Task A_completed_command_shows_its_token()
    {
        var api = await shared.Get();
        api.Workflows.Plot(tenant, (id, _) => new CommandCompleted(id, tenant, "RegisterProduct", 4711));
        var answer = await api.Http.Post("/products", Requests.Product, tenant, ("Prefer", "wait=30"));
        var status = (await api.Http.Get($"/commands/{answer.CommandId}", tenant)).Is(HttpStatusCode.OK);
        Assert.Equal(
            ("completed", "RegisterProduct", "4711"), (status["status"], status["type"], status["consistencyToken"]));
        Assert.Equal("4711", status.Header("Consistency-Token"));
        Assert.NotEmpty(status["completedAt"]);
    }

    [Fact]
    public async Task A_command_without_an_effect_is_completed_without_a_token()
    {
        var api = await shared.Get();
        api.Workflows.Plot(tenant, (id, _) => new CommandCompleted(id, tenant, "RegisterProduct", null));
        var answer = await api.Http.Post("/products", Requests.Product, tenant, ("Prefer", "wait=30"));
        answer.Is(HttpStatusCode.Created);
        Assert.Null(answer.Header("Consistency-Token"));
        Assert.False(answer.Json.TryGetProperty("consistencyToken", out _));
    }

    [Fact]
    public async Task Without_a_tenant_a_command_is_the_demos()
    {
        var api = await shared.Get();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/products");
        request.Content = new StringContent(Requests.Product, null, "application/json");
        using var response = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var found = await api.Http.Get(response.Headers.Location!.ToString(), "demo");
        found.Is(HttpStatusCode.OK);
    }
}
