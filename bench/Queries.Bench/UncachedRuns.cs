namespace Queries.Bench;

/// <summary>Answers that no cache has: every target is asked for once.</summary>
internal sealed class UncachedRuns(BenchSystem system, Settings settings, Table table)
{
    private const int Targets = 200_000;
    private static int run;

    public async Task Run(CancellationToken cancellationToken)
    {
        var sample = system.Sample;
        await Measure("product (PostgreSQL)", i => $"/products/{sample.Sku(i * 7)}", cancellationToken);
        await Measure("order (PostgreSQL)", i => $"/orders/{sample.Order(i * 7)}", cancellationToken);
        await Measure("20 orders of a customer (PostgreSQL)",
            i => $"/customers/{sample.Customer(i * 7)}/orders?limit=20", cancellationToken);
        await Measure("stock (Redis)", i => $"/stock/{sample.Sku(i * 7)}", cancellationToken);
        await Measure("search, 20 products and facets", i => $"/products?search={sample.Words(i)}&limit=20",
            cancellationToken);
        await Measure("suggestions", i => $"/products/suggestions?prefix={sample.Words(i)[..3]}&limit=10",
            cancellationToken);
    }

    private async Task Measure(string what, Func<int, string> target, CancellationToken cancellationToken)
    {
        run++;
        var targets = Enumerable.Range(0, Targets).Select(target)
            .Select((path, i) => $"{path}{(path.Contains('?') ? '&' : '?')}once={run}-{i}");
        table.Add($"uncached: {what}", await Driver.Start(
            BenchSystem.PortOf(system.Api), settings.Connections, settings.Duration, targets, cancellationToken));
    }
}
