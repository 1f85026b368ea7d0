using System.Diagnostics;

namespace Queries.Bench;

/// <summary>Answers that no cache has: every target is asked for once.</summary>
internal sealed class UncachedRuns(BenchSystem system, Settings settings, Table table)
{
    private const int Targets = 200_000;

    /// <summary>Until the code of the path has reached its last tier.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    private int run;

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
        await Touch(target, cancellationToken);
        await Drive(target, WarmUp, cancellationToken);
        table.Add($"uncached: {what}", await Drive(target, settings.Duration, cancellationToken));
    }

    /// <summary>
    /// One after the other, whatever is answered: a store that has just started would not answer sixteen at once in
    /// time.
    /// </summary>
    private async Task Touch(Func<int, string> target, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 200 && Stopwatch.GetElapsedTime(started) < WarmUp; i++)
        {
            using var response = await system.Client.GetAsync(target(i), cancellationToken);
        }
    }

    private Task<Outcome> Drive(Func<int, string> target, TimeSpan duration, CancellationToken cancellationToken)
    {
        run++;
        var targets = Enumerable.Range(0, Targets).Select(target)
            .Select((path, i) => $"{path}{(path.Contains('?') ? '&' : '?')}once={run}-{i}");
        return Driver.Start(
            BenchSystem.PortOf(system.Api), settings.Connections, duration, targets, cancellationToken);
    }
}
