using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Servers;

namespace Chaos.Operations;

/// <summary>Operations sees what is wrong in the whole system, and sees that it is over.</summary>
public sealed class AlertTests(ITestOutputHelper output)
{
    private const int Refusals = 60;
    private const string Held = "product-details";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_projection_held_back_many_refusals_and_a_dead_redis_raise_their_alerts_which_end_by_themselves()
    {
        await using var system = await WholeSystem.StartServers(Cancel);
        await system.StartServices(Cancel);
        using var operations = new HttpClient { BaseAddress = system.OperationsAddress };
        using var commands = new HttpClient { BaseAddress = system.Commands };
        string[] wrong = ["projection-lag", "command-rejection-rate", "server-redis"];
        await Register(commands);
        foreach (var alert in wrong)
            await Until(operations, alert, "ok");

        await CqrsProcess.Run(system.Environment, Cancel, "projection", "pause", Held);
        await system.Redis.Stop(Cancel);
        var since = Stopwatch.GetTimestamp();
        for (var i = 0; i < Refusals; i++)
        {
            await Register(commands);
            // An event, which the paused projection then lacks.
            await Post(commands, "stock/ALERT-1/receipts", new { quantity = 1 });
        }

        await Task.WhenAll(wrong.Select(alert => Tell(operations, alert, "raised", since)));

        since = Stopwatch.GetTimestamp();
        await system.Redis.Start(Cancel);
        await CqrsProcess.Run(system.Environment, Cancel, "projection", "resume", Held);
        await Task.WhenAll(wrong.Select(alert => Tell(operations, alert, "ok", since)));
    }

    [Fact]
    public async Task A_dead_server_raises_its_alert_and_Operations_lives_through_it()
    {
        await using var system = await WholeSystem.StartServers(Cancel);
        await system.StartServices(Cancel);
        using var operations = new HttpClient { BaseAddress = system.OperationsAddress };
        List<(string Alert, TestServer Server)> servers =
            [("server-rabbitmq", system.RabbitMQ), ("server-postgresql", system.Postgres)];
        if (system.Elasticsearch is { } elasticsearch)
            servers.Insert(0, ("server-elasticsearch", elasticsearch));
        foreach (var (alert, server) in servers)
        {
            await Until(operations, alert, "ok");
            await server.Stop(Cancel);
            await Tell(operations, alert, "raised", Stopwatch.GetTimestamp());
            await AssertAnswers(operations, "operations/figures", "console/", "alive");
            if (server == system.Postgres)
                await AssertStartsWithout(system.Operations, operations, alert);
            var since = Stopwatch.GetTimestamp();
            await server.Start(Cancel);
            await Tell(operations, alert, "ok", since);
        }

        // Once, and that was here.
        Assert.Equal(1, system.Operations.Ended);
        foreach (var (alert, _) in servers)
            await UntilWrittenDown(operations, alert);
    }

    /// <summary>A new process finds no database, and shows what is wrong all the same.</summary>
    private async Task AssertStartsWithout(ServiceProcess process, HttpClient operations, string alert)
    {
        var since = Stopwatch.GetTimestamp();
        process.Kill();
        while (process.Ended == 0)
            await Task.Delay(Look, Cancel);
        await process.WaitUntilUp(Cancel);
        await Tell(operations, alert, "raised", since);
    }

    private static async Task AssertAnswers(HttpClient operations, params string[] paths)
    {
        foreach (var path in paths)
        {
            using var answer = await operations.GetAsync(path, Cancel);
            Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {(int)answer.StatusCode}");
        }
    }

    /// <summary>Both turns are events, and the check no longer fails: also where the database was the dead one.</summary>
    private static async Task UntilWrittenDown(HttpClient operations, string alert)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        while (true)
        {
            var events = await operations.GetFromJsonAsync<JsonArray>("api/eventlogitems?per_page=500", limit.Token);
            var types = events!.Where(one => one!.ToJsonString().Contains(alert, StringComparison.Ordinal))
                .Select(one => (string?)one!["event_type"]).ToList();
            var failing = await operations.GetFromJsonAsync<JsonArray>("api/customchecks?status=fail", limit.Token);
            if (types.Contains("CustomCheckFailed") && types.Contains("CustomCheckSucceeded")
                && !failing!.Any(one => (string?)one!["custom_check_id"] == alert))
                return;
            await Task.Delay(Look, limit.Token);
        }
    }

    /// <summary>From the second time on it is refused: a product of this SKU is there already.</summary>
    private static Task Register(HttpClient commands) => Post(
        commands,
        "products",
        new { sku = "ALERT-1", name = "Bell", category = "Test", price = new { amount = 1m, currency = "GBP" } });

    private static async Task Post(HttpClient commands, string path, object body)
    {
        using var answer = await commands.PostAsJsonAsync(path, body, Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"POST {path}: {(int)answer.StatusCode}");
    }

    private async Task Tell(HttpClient operations, string alert, string state, long since)
    {
        await Until(operations, alert, state);
        output.WriteLine($"{alert} is {state} after {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s");
    }

    private static async Task Until(HttpClient operations, string alert, string state)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        while (await State(operations, alert, limit.Token) != state)
            await Task.Delay(Look, limit.Token);
    }

    private static async Task<string?> State(HttpClient operations, string alert, CancellationToken cancellationToken)
    {
        var answer = await operations.GetFromJsonAsync<JsonNode>("operations/alerts", cancellationToken);
        return (string?)answer!["alerts"]!.AsArray().Single(one => (string?)one!["id"] == alert)!["state"];
    }
}
