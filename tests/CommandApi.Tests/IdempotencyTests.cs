using System.Net;
using Commerce.Contracts.Ordering;

namespace CommandApi.Tests;

public sealed class IdempotencyTests(SharedApi shared)
{
    private readonly string tenant = $"t-{Guid.NewGuid():N}";

    [Fact]
    public async Task The_same_key_and_body_gives_the_first_answer_again()
    {
        var api = await shared.Get();
        var first = await Place(api, "order-1", Requests.Order);
        var again = await Place(api, "order-1", Requests.Order);
        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Header("Location"), again.Header("Location"));
        Assert.Equal(first.Header("Consistency-Token"), again.Header("Consistency-Token"));
        Assert.Single(api.Workflows.For(tenant));
    }

    [Fact]
    public async Task The_layout_of_the_body_does_not_matter()
    {
        var api = await shared.Get();
        var first = await Place(api, "order-1", Requests.Order);
        var again = await Place(api, "order-1", Requests.Order.Replace("\n", "").Replace("  ", ""));
        Assert.Equal(first.CommandId, again.CommandId);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var api = await shared.Get();
        var first = await Place(api, "order-1", Requests.Order);
        var other = await Place(api, "order-1", Requests.Order.Replace("c-1", "c-2"));
        other.IsProblem(HttpStatusCode.UnprocessableEntity, "urn:problem:idempotency-key-reused");
        Assert.Contains(first.CommandId.ToString(), other.Error("Idempotency-Key"), StringComparison.Ordinal);
        Assert.Single(api.Workflows.For(tenant));
    }

    [Fact]
    public async Task The_same_key_for_another_command_is_refused()
    {
        var api = await shared.Get();
        var key = ("Idempotency-Key", "k");
        await api.Http.Post("/products/A/name", """{ "name": "X" }""", tenant, key);
        var other = await api.Http.Post("/products/A/category", """{ "category": "X" }""", tenant, key);
        other.IsProblem(HttpStatusCode.UnprocessableEntity, "urn:problem:idempotency-key-reused");
    }

    [Fact]
    public async Task The_same_request_many_times_at_once_is_one_command()
    {
        var api = await shared.Get();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Place(api, "order-1", Requests.Order)));
        Assert.All(answers, answer => answer.Is(HttpStatusCode.Created));
        Assert.Single(answers.Select(answer => answer.CommandId).Distinct());
        // Whoever comes before it is done sends it again under the same message id. Two deliveries at once may both be
        // handled; then the inbox rolls one of them back.
        var received = api.Workflows.For(tenant);
        Assert.All(received, one => Assert.IsType<PlaceOrder>(one.Command));
        Assert.Single(received.Select(one => one.CommandId).Distinct());
    }

    [Fact]
    public async Task The_same_key_of_two_tenants_is_two_commands()
    {
        var api = await shared.Get();
        var mine = await Place(api, "order-1", Requests.Order);
        var other = await api.Http.Post("/orders", Requests.Order, $"{tenant}-2", ("Idempotency-Key", "order-1"));
        Assert.NotEqual(mine.CommandId, other.CommandId);
        (await api.Http.Get($"/commands/{mine.CommandId}", $"{tenant}-2")).IsProblem(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task A_key_is_1_to_100_characters(int length)
    {
        var api = await shared.Get();
        (await Place(api, new string('k', 100), Requests.Order)).Is(HttpStatusCode.Created);
        var answer = await Place(api, new string('k', length), Requests.Order);
        answer.IsProblem(HttpStatusCode.BadRequest);
        Assert.Contains($"of {length}", answer.Error("Idempotency-Key"), StringComparison.Ordinal);
    }

    private Task<Answer> Place(RunningApi api, string key, string body) =>
        api.Http.Post("/orders", body, tenant, ("Idempotency-Key", key), ("Prefer", "wait=30"));
}
