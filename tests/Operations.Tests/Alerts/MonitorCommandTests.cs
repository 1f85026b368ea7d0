using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Servers;

namespace Operations.Tests.Alerts;

/// <summary><c>cqrs monitor</c> as an operator runs it: a process of its own, against Operations.</summary>
public sealed class MonitorCommandTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Figures_are_shown_as_tables_and_as_json_and_a_raised_alert_is_exit_code_1()
    {
        await using var operations = await RunningOperations.Start(servers);
        var service = new ReportedService { Uptime = 1 };
        await Report(operations, service);

        var throughput = await Run(operations, "throughput", "--once", "--json");
        var commands = JsonSerializer.Deserialize<JsonElement>(throughput.Output)
            .GetProperty("figures").GetProperty("commands");
        Assert.Equal(0.2, commands.GetProperty("rejectedShare").GetDouble(), precision: 6);
        Assert.Contains("20.0 % refused", (await Run(operations, "throughput", "--once")).Output);
        var lag = await Run(operations, "lag", "--once");
        Assert.Equal(0, lag.ExitCode);
        Assert.Contains("readmodels", lag.Output);

        var errors = lag;
        for (var tries = 0; tries < 30 && errors.ExitCode == 0; tries++)
        {
            await Report(operations, service);
            errors = await Run(operations, "errors", "--once");
        }

        Assert.Equal(1, errors.ExitCode);
        Assert.Contains("command-rejection-rate", errors.Output);
        Assert.Contains("postgresql", errors.Output);
    }

    private static async Task Report(RunningOperations operations, ReportedService service)
    {
        using var taken = await operations.Client.PostAsJsonAsync(
            "/operations/figures", service.Decide(accepted: 80, rejected: 20).Report, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
    }

    private static Task<(int ExitCode, string Output, string Errors)> Run(
        RunningOperations operations, params string[] arguments) =>
        Cqrs.Run(["monitor", .. arguments, "--operations", operations.Address.ToString()]);
}
