using System.Diagnostics;
using System.Net.Http.Json;

namespace Queries.Bench;

/// <summary>
/// Prices are changed at a steady pace through the command API; each is answered when its event is in the log, and the
/// product is asked for at once with the token of the answer. The time is from the command's being sent to the answer
/// that shows it: broker, handler, log, projection, notification and query.
/// </summary>
internal sealed class CommandRuns(CommandSystem system, Settings settings, Table table)
{
    /// <summary>Many, as in a shop: each is changed a few times in a run, not each second.</summary>
    private const int Products = 5_000;

    private const int RegisteredAtOnce = 20;
    private const string Wait = "wait=10";

    /// <summary>
    /// After the registrations, until the code of the path has reached its last tier: a minute into the load the
    /// compilers still took a quarter of some services' processor time.
    /// </summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);

    /// <summary>Counts on from run to run: a price that is the product's already makes no event to wait for.</summary>
    private int repriced;

    public async Task Run(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Products; i += RegisteredAtOnce)
            await Task.WhenAll(Enumerable.Range(i, RegisteredAtOnce).Select(n => Register(n, cancellationToken)));
        await AtRate(120, WarmUp, cancellationToken);
        foreach (var rate in settings.Rates)
        {
            var times = (await AtRate(rate, settings.Duration, cancellationToken)).Order().ToArray();
            var (sent, done) = ((int)(rate * settings.Duration.TotalSeconds), times.Length);
            var missed = done == sent ? "" : $" ({sent - done} of {sent} took longer than {Wait[5..]} s)";
            table.Latency(
                $"command API to visible, product details, {rate} commands/s{missed}",
                done / settings.Duration.TotalSeconds, times[done / 2], times[(int)((done - 1) * 0.99)]);
        }
    }

    /// <returns>Milliseconds of those that were answered in time.</returns>
    private async Task<IReadOnlyCollection<double>> AtRate(
        int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var open = new List<Task<double?>>();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < rate * duration.TotalSeconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / rate) - Stopwatch.GetElapsedTime(started);
            if (due >= TimeSpan.FromMilliseconds(1))
                await Task.Delay(due, cancellationToken);
            open.Add(Reprice(repriced++, cancellationToken));
        }

        return [.. (await Task.WhenAll(open)).OfType<double>()];
    }

    private async Task<double?> Reprice(int i, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var token = await Send(
            $"/products/{Sku(i)}/price", new { price = new { amount = 1 + i % 9_000 / 100m, currency = "GBP" } },
            cancellationToken);
        if (token is null)
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/products/{Sku(i)}");
        request.Headers.Add("Consistency-Token", token);
        using var response = await system.Queries.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode ? Stopwatch.GetElapsedTime(started).TotalMilliseconds : null;
    }

    private async Task Register(int i, CancellationToken cancellationToken)
    {
        var product = new
        {
            sku = Sku(i), name = $"Product {i}", category = "Kitchen", price = new { amount = 100m, currency = "GBP" },
        };
        while (await Send("/products", product, cancellationToken) is null)
            await Task.Delay(500, cancellationToken);
    }

    /// <returns>The token; null where the command was not done in time.</returns>
    private async Task<string?> Send(string path, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Prefer", Wait);
        using var response = await system.Commands.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode && response.Headers.TryGetValues("Consistency-Token", out var tokens)
            ? tokens.First()
            : null;
    }

    private static string Sku(int i) => $"SKU-{i % Products}";
}
