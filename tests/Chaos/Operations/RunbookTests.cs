using System.Diagnostics;
using System.Net.Http.Json;
using Npgsql;

namespace Chaos.Operations;

/// <summary>
/// The pages of docs/runbooks as they are written: every command that a running system can bear is run. Those that
/// replace a server or its data are in <see cref="DisasterTests"/>, and are named here.
/// </summary>
public sealed class RunbookTests(ITestOutputHelper output)
{
    /// <summary>Parts of commands that stop, replace or set up servers, or that take what this system has not.</summary>
    private static readonly string[] Elsewhere =
    [
        "dotnet run", "restore", "mv DATA", "pg_basebackup", "pg_promote", "alter system", "drop database", "/backup/",
        "pg_terminate_backend(PID)", "skip", "eval ",
    ];

    /// <summary>What says with its exit code what it has found.</summary>
    private static readonly string[] Judging = ["cqrs monitor", "cqrs check", "cqrs projection", "grep"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_of_the_runbooks_runs_as_written()
    {
        await using var system = await WholeSystem.StartServers(Cancel);
        await system.StartServices(Cancel);
        var folder = Directory.CreateTempSubdirectory("cqrs-runbooks-");
        try
        {
            var connections = Path.Combine(folder.FullName, "cqrs.env");
            var environment = new Dictionary<string, string>(system.Environment)
            {
                ["services__operations__http__0"] = system.OperationsAddress.AbsoluteUri,
            };
            await CqrsProcess.Run(environment, Cancel, "connections", "--to", connections);
            CqrsProcess.PutInto(folder);
            var order = await AnOrder(system);
            var (run, failed) = (0, new List<string>());
            foreach (var page in Runbook.All())
            {
                foreach (var command in page.Commands.Where(command => !Elsewhere.Any(command.Contains)))
                {
                    run++;
                    if (await Run(Adapted(command), folder.FullName, connections) is { } fault)
                        failed.Add($"{page.Name}: {command}\n{fault}");
                }
            }

            output.WriteLine($"{run} commands were run");
            Assert.True(run > 40, "Hardly any command was found: has the form of the pages changed?");
            Assert.True(failed.Count == 0, string.Join("\n\n", failed));

            string Adapted(string command) => command
                .Replace("localhost:33333", system.OperationsAddress.Authority, StringComparison.Ordinal)
                .Replace("localhost:5200", system.Queries.Authority, StringComparison.Ordinal)
                .Replace("/tmp/cqrs.env", connections, StringComparison.Ordinal)
                .Replace("order/demo/ORDER-ID", order, StringComparison.Ordinal)
                .Replace("ORDER-ID", order.Split('/')[^1], StringComparison.Ordinal)
                .Replace("cqrs event-store stream NAME", $"cqrs event-store stream {order}", StringComparison.Ordinal)
                .Replace("NAME", "order-details", StringComparison.Ordinal)
                .Replace("STREAM", order, StringComparison.Ordinal)
                .Replace("DIR", Path.Combine(folder.FullName, $"{Guid.NewGuid()}"), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <returns>Its stream.</returns>
    private static async Task<string> AnOrder(WholeSystem system)
    {
        var customers = new Customers(system.Commands);
        await customers.Stock(Cancel);
        // What the pages ask for by name.
        using var http = new HttpClient { BaseAddress = system.Commands };
        using var product = await http.PostAsJsonAsync(
            "products",
            new { sku = "TEA-001", name = "Tea", category = "Tea", price = new { amount = 5m, currency = "GBP" } },
            Cancel);
        product.EnsureSuccessStatusCode();
        await customers.Order("tok_ok", wait: true, Cancel);
        await using var database = NpgsqlDataSource.Create(system.Commerce);
        await using var find = database.CreateCommand(
            "select stream from eventstore.events where type = 'order-placed' order by position desc limit 1");
        return (string)(await find.ExecuteScalarAsync(Cancel))!;
    }

    /// <returns>What went wrong; null: nothing.</returns>
    private static async Task<string?> Run(string script, string programs, string connections)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"set -euo pipefail; . '{connections}'; {script}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["REDISCLI_AUTH"] = "";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        process.StandardInput.Close();
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return "It did not end within three minutes.";
        }

        var fine = process.ExitCode == 0 || (process.ExitCode == 1 && Judging.Any(script.Contains));
        return fine ? null : $"exit code {process.ExitCode}\n{await wrong}{await said}";
    }
}
