namespace Queries.Bench;

/// <summary>Answers from memory beside a bare endpoint with the same bytes; the two take turns.</summary>
internal sealed class CachedRuns(BenchSystem system, Settings settings, Table table)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public async Task Run(CancellationToken cancellationToken)
    {
        var sample = system.Sample;
        await Compare("product", $"/products/{sample.Sku(1)}", cancellationToken);
        await Compare("product, with a token", $"/products/{sample.Sku(1)}", cancellationToken, "Consistency-Token: 1");
        await Compare("order", $"/orders/{sample.Order(1)}", cancellationToken);
        await Compare("search page", $"/products?search={sample.Words(1)}", cancellationToken);
    }

    private async Task Compare(string what, string path, CancellationToken cancellationToken, params string[] headers)
    {
        system.Bodies["it"] = await system.Client.GetByteArrayAsync(path, cancellationToken);
        List<Outcome> bare = [], cached = [];
        for (var round = -1; round < settings.Rounds; round++)
        {
            var duration = round < 0 ? WarmUp : settings.Duration;
            bare.Add(await Driver.Start(
                BenchSystem.PortOf(system.Bare), settings.Connections, duration, ["/bare/it"], cancellationToken));
            cached.Add(await Driver.Start(
                BenchSystem.PortOf(system.Api), settings.Connections, duration, [path], cancellationToken, headers));
        }

        var (bareMedian, cachedMedian) = (Median(bare[1..]), Median(cached[1..]));
        table.Add($"bare endpoint, the bytes of a {what} ({system.Bodies["it"].Length} bytes)", bareMedian);
        table.Add($"cached: {what}", cachedMedian, cachedMedian.Rate / bareMedian.Rate);
    }

    private static Outcome Median(List<Outcome> outcomes) =>
        outcomes.OrderBy(outcome => outcome.Rate).ElementAt(outcomes.Count / 2);
}
