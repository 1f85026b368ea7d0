using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceptance;

/// <summary><c>cqrs import retail</c> as an operator runs it: a process of its own, against the whole system.</summary>
public sealed class ImportTests(WholeSystem system)
{
    private static readonly TimeSpan RunWithin = TimeSpan.FromMinutes(5);
    private static readonly string Invoices = Path.Combine(AppContext.BaseDirectory, "Samples", "invoices.csv");

    private readonly string tenant = $"t{Guid.NewGuid():N}"[..16];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_import_balances_to_the_penny_and_a_second_run_places_nothing_twice()
    {
        var first = await Import();
        Assert.Equal(0m, (decimal)first["difference"]!);
        Assert.Equal(0m, (decimal)first["analytics"]!);
        Assert.Equal(19, (int)first["ordersCompleted"]!);
        Assert.Equal(
            ["invalid lines", "order-minimum-total"],
            first["ordersRejected"]!.AsArray().Select(row => (string)row!["reason"]!).Order());
        Assert.Equal(
            ["cancellation", "missing customer", "missing description", "return", "stock code is no SKU", "zero price"],
            first["linesRefused"]!.AsArray().Select(row => (string)row!["reason"]!).Order());

        var second = await Import();
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public async Task An_import_killed_in_the_middle_goes_on_where_it_ended()
    {
        using (var killed = StartImport())
        {
            await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
            killed.Kill();
            await killed.WaitForExitAsync(Cancellation);
        }

        var result = await Import();

        Assert.Equal(0m, (decimal)result["difference"]!);
        Assert.Equal(0m, (decimal)result["analytics"]!);
        Assert.Equal(19, (int)result["ordersCompleted"]!);
    }

    private async Task<JsonNode> Import()
    {
        using var import = StartImport();
        var output = import.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = import.StandardError.ReadToEndAsync(Cancellation);
        await import.WaitForExitAsync(Cancellation).WaitAsync(RunWithin, Cancellation);
        Assert.True(import.ExitCode == 0, $"exit code {import.ExitCode}: {await output}{await errors}");
        return JsonSerializer.Deserialize<JsonNode>(await output)!["result"]!;
    }

    private Process StartImport()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "cqrs.dll"), "import", "retail", Invoices, "--json",
                "--tenant", tenant,
                "--command-api", system.Commands.BaseAddress!.AbsoluteUri,
                "--query-api", system.Queries.BaseAddress!.AbsoluteUri,
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("cqrs did not start");
    }
}
