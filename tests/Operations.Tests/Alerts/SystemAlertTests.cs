using System.Text.Json;
using Commerce.Contracts.Ordering;
using Operations.Tests.Console;
using ProjectionControl;

namespace Operations.Tests.Alerts;

/// <summary>Alerts of real servers and projections: raised while something is wrong, and over by themselves.</summary>
[Collection(nameof(ConsoleWorld))]
public sealed class SystemAlertTests(ConsoleWorld world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_redis_raises_its_alert_until_it_is_back()
    {
        var redis = await world.Servers.Redis(Cancellation);
        await using var operations = await RunningOperations.Start(
            world.Servers, $"--ConnectionStrings:redis={redis.ConnectionString}");
        await Until(operations, "server-redis", "ok");

        await redis.Stop(Cancellation);
        var raised = await Until(operations, "server-redis", "raised");
        Assert.True(raised.GetProperty("value").GetDouble() > 5);
        await redis.Start(Cancellation);

        await Until(operations, "server-redis", "ok");
    }

    [Fact]
    public async Task A_projection_held_back_raises_its_alert_until_it_goes_on()
    {
        var projections = new ProjectionOperations(world.ReadModels);
        await Until(world.Operations, "projection-lag", "ok");
        await projections.Pause("order-details", "test", Cancellation);
        var order = Guid.CreateVersion7();
        await world.Append(ConsoleWorld.Placed(order), new OrderConfirmed(ConsoleWorld.Tenant, order));

        var raised = await Until(world.Operations, "projection-lag", "raised");
        Assert.Equal("order-details", raised.GetProperty("detail").GetString());
        var figures = await world.Operations.Get("/operations/figures");
        var paused = figures.GetProperty("projections").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "order-details");
        Assert.Equal("paused", paused.GetProperty("state").GetString());
        await projections.Resume("order-details", Cancellation);

        await Until(world.Operations, "projection-lag", "ok");
    }

    private static async Task<JsonElement> Until(RunningOperations operations, string alert, string state)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        while (true)
        {
            var alerts = (await operations.Get("/operations/alerts")).GetProperty("alerts").EnumerateArray();
            var found = alerts.Single(one => one.GetProperty("id").GetString() == alert);
            if (found.GetProperty("state").GetString() == state)
                return found;
            await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
        }
    }
}
