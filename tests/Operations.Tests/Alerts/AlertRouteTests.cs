using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Servers;

namespace Operations.Tests.Alerts;

/// <summary>What the console page and <c>cqrs monitor</c> read, and where services report.</summary>
public sealed class AlertRouteTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reported_figures_are_shown_judged_and_become_a_check_an_event_and_an_end()
    {
        await using var operations = await RunningOperations.Start(servers);
        var service = new ReportedService { Uptime = 1 }.Decide(accepted: 80, rejected: 20);
        await Report(operations, service);

        var commands = (await operations.Get("/operations/figures")).GetProperty("commands");
        Assert.Equal(0.2, commands.GetProperty("rejected_share").GetDouble(), precision: 6);
        Assert.Equal(100, commands.GetProperty("processing_time_ms").GetProperty("count").GetInt64());
        await Until(operations, "command-rejection-rate", "raised");
        var check = await Eventually(operations, "customchecks?status=fail", checks => checks.EnumerateArray()
            .FirstOrDefault(one => one.GetProperty("custom_check_id").GetString() == "command-rejection-rate"));
        Assert.Contains("20 refused", check.GetProperty("failure_reason").GetString());

        service.Decide(accepted: 5000);
        await Report(operations, service);
        await Until(operations, "command-rejection-rate", "ok");
        await Eventually(operations, "eventlogitems", events => events.EnumerateArray()
            .FirstOrDefault(one => one.GetProperty("event_type").GetString() == "CustomCheckSucceeded"));
    }

    [Fact]
    public async Task What_is_no_report_is_refused()
    {
        await using var operations = await RunningOperations.Start(servers);
        using var nameless = await operations.Send(
            HttpMethod.Post, "/operations/figures", new { service = "", instance = "x", series = Array.Empty<object>() });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nameless.StatusCode);
        using var broken = await operations.Client.PostAsync(
            "/operations/figures", new StringContent("{", null, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    private static async Task Report(RunningOperations operations, ReportedService service)
    {
        using var taken = await operations.Client.PostAsJsonAsync("/operations/figures", service.Report, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
    }

    private static Task Until(RunningOperations operations, string alert, string state) => Eventually(
        operations,
        "/operations/alerts",
        view => view.GetProperty("alerts").EnumerateArray().FirstOrDefault(one =>
            one.GetProperty("id").GetString() == alert && one.GetProperty("state").GetString() == state));

    private static async Task<JsonElement> Eventually(
        RunningOperations operations, string path, Func<JsonElement, JsonElement> find)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var found = find(await operations.Get(path));
            if (found.ValueKind != JsonValueKind.Undefined)
                return found;
            await Task.Delay(100, Cancellation);
        }

        throw new TimeoutException($"{path} never had what was waited for.");
    }
}
