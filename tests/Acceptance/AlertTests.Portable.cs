using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Acceptance;

/// <summary>Operations sees what is wrong in the whole system, and sees that it is over.</summary>
public sealed class AlertTests(WholeSystem system)
{
    private const int Refusals = 60;

    /// <summary>The exit code of cqrs where the database was too busy to answer in time.</summary>
    private const int Unavailable = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Client client = Client.Of(system);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_projection_held_back_many_refusals_and_a_dead_redis_raise_their_alerts_which_end_by_themselves()
    {
        using var operations = system.Client("operations");
        string[] wrong = ["projection-lag", "command-rejection-rate", "server-redis"];
        await client.Offer("ALERT-1", 8.90m, 100, Cancellation);
        foreach (var alert in wrong)
            await Until(operations, alert, "ok");

        await Projection("pause");
        await system.Stop("redis", Cancellation);
        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Refusals).Select(_ => RegisterAgain()));
        await Task.WhenAll(wrong.Select(alert => Tell(operations, alert, "raised", since)));

        since = Stopwatch.GetTimestamp();
        await system.Start("redis", Cancellation);
        await Projection("resume");
        await Task.WhenAll(wrong.Select(alert => Tell(operations, alert, "ok", since)));
    }

    /// <summary>A product of this SKU is there already: refused by a rule.</summary>
    private async Task RegisterAgain()
    {
        using var answer = await client.PostAndGo(
            "products",
            new { sku = "ALERT-1", name = "Again", category = "Test", price = new { amount = 1m, currency = "GBP" } },
            Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
        // A receipt is an event, which the paused projection then lacks.
        using var receipt = await client.PostAndGo("stock/ALERT-1/receipts", new { quantity = 1 }, Cancellation);
        Assert.True(receipt.IsSuccessStatusCode, $"{(int)receipt.StatusCode}");
    }

    private static async Task Tell(HttpClient operations, string alert, string state, long since)
    {
        await Until(operations, alert, state);
        TestContext.Current.SendDiagnosticMessage(
            $"{alert} is {state} after {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s");
    }

    private static async Task Until(HttpClient operations, string alert, string state)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        while (await State(operations, alert, limit.Token) != state)
            await Task.Delay(TimeSpan.FromMilliseconds(500), limit.Token);
    }

    private static async Task<string?> State(HttpClient operations, string alert, CancellationToken cancellationToken)
    {
        using var answer = await operations.GetAsync("operations/alerts", cancellationToken);
        var alerts = (await Client.Json(answer, cancellationToken))["alerts"]!.AsArray();
        return (string?)alerts.Single(one => (string?)one!["id"] == alert)!["state"];
    }

    private async Task Projection(string action)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "cqrs.dll"), "projection", action, "product-details",
                "--readmodels", await system.ConnectionString("readmodels", Cancellation),
            },
            RedirectStandardOutput = true,
        };
        int exitCode;
        var since = Stopwatch.GetTimestamp();
        do
        {
            using var cqrs = Process.Start(start)!;
            await cqrs.WaitForExitAsync(Cancellation).WaitAsync(Patience, Cancellation);
            exitCode = cqrs.ExitCode;
        }
        while (exitCode == Unavailable && Stopwatch.GetElapsedTime(since) < Patience);
        Assert.Equal(0, exitCode);
    }
}
