using System.Net;
using Npgsql;
using Servers;

namespace CommandApi.Tests;

/// <summary>On servers of their own, which they take away.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const string Tenant = "demo";
    private readonly TestServers servers = new();
    private RunningApi api = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => api = await RunningApi.Start(servers);

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        await servers.DisposeAsync();
    }

    [Fact]
    public async Task Without_the_broker_nothing_is_half_done_and_with_it_again_all_goes_on()
    {
        var broker = await servers.RabbitMQ(Token);
        await broker.Stop(Token);
        var refused = await Place("order-1");
        refused.IsProblem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("2", refused.Header("Retry-After"));
        (await api.Http.Get("/health", Tenant)).Is(HttpStatusCode.ServiceUnavailable);
        (await api.Http.Get("/alive", Tenant)).Is(HttpStatusCode.OK);
        Assert.Equal(0L, await Count());

        await broker.Start(Token);
        (await PlaceUntilTaken("order-1")).Is(HttpStatusCode.Created);
        Assert.Single(api.Workflows.For(Tenant));
    }

    [Fact]
    public async Task Without_the_database_commands_are_refused_and_with_it_again_all_goes_on()
    {
        var database = await servers.Postgres(Token);
        await database.Stop(Token);
        var refused = await Place("order-1");
        refused.IsProblem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("2", refused.Header("Retry-After"));
        (await api.Http.Get($"/commands/{Guid.NewGuid()}", Tenant)).IsProblem(HttpStatusCode.ServiceUnavailable);
        (await api.Http.Get("/health", Tenant)).Is(HttpStatusCode.ServiceUnavailable);

        await database.Start(Token);
        (await PlaceUntilTaken("order-1")).Is(HttpStatusCode.Created);
        Assert.Single(api.Workflows.For(Tenant));
    }

    private Task<Answer> Place(string key) =>
        api.Http.Post("/orders", Requests.Order, Tenant, ("Idempotency-Key", key), ("Prefer", "wait=30"));

    /// <summary>As a client does: the same request again, until the service is back.</summary>
    private async Task<Answer> PlaceUntilTaken(string key)
    {
        while (true)
        {
            var answer = await Place(key);
            if (answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.Accepted))
                return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(250), Token);
        }
    }

    private async Task<long> Count()
    {
        await using var database = NpgsqlDataSource.Create(api.Database);
        await using var count = database.CreateCommand(
            "select (select count(*) from commandlog.commands) + (select count(*) from commandlog.idempotency_keys)");
        return (long)(await count.ExecuteScalarAsync(Token))!;
    }
}
