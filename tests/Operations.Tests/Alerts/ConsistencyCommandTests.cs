using System.Diagnostics;
using System.Text.Json;
using Operations.Tests.Console;

namespace Operations.Tests.Alerts;

/// <summary>
/// <c>cqrs check consistency</c> as an operator runs it, against projections in a process of their own.
/// </summary>
[Collection(nameof(ConsoleWorld))]
public sealed class ConsistencyCommandTests(ConsoleWorld world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>In the live build, whose number depends on what other tests have rebuilt.</summary>
    private const string Damage =
        """
        DO $$
        BEGIN
            EXECUTE format(
                'UPDATE %I.products SET price = 9999 WHERE sku = ''71053''',
                (SELECT storage FROM projections.checkpoints
                 WHERE projection = 'product-details' AND state = 'live'));
        END
        $$
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_changed_by_hand_is_shown_with_both_values_and_repaired()
    {
        // The first is refused for as long as the projections start.
        var (exitCode, output) = await Run("--json");
        for (var since = Stopwatch.GetTimestamp(); exitCode != 0 && Stopwatch.GetElapsedTime(since) < Patience;)
            (exitCode, output) = await Run("--json");
        Assert.Equal(0, exitCode);
        Assert.InRange(Report(output).GetProperty("checked").GetInt32(), 2, 100);

        await world.Execute(Damage);
        (exitCode, output) = await Run();
        Assert.Equal(1, exitCode);
        Assert.Contains("price: model 9999, log 3.39", output);

        (exitCode, output) = await Run("--repair");
        Assert.Equal(0, exitCode);
        Assert.Contains("repaired", output);
        (exitCode, output) = await Run("--json");
        Assert.Equal(0, exitCode);
        Assert.Equal(0, Report(output).GetProperty("differences").GetArrayLength());
    }

    private static JsonElement Report(string output) =>
        JsonSerializer.Deserialize<JsonElement>(output)[0].GetProperty("report");

    private async Task<(int ExitCode, string Output)> Run(params string[] arguments)
    {
        var (exitCode, output, errors) = await Cqrs.Run(
            ["check", "consistency", "product-details", .. arguments],
            new Dictionary<string, string> { ["ConnectionStrings__readmodels"] = world.ReadModelsConnection });
        return (exitCode, output + errors);
    }
}
