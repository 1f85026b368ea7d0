using System.Collections.Concurrent;
using System.Net.Http.Json;

namespace Chaos.Operations;

/// <summary>
/// Several customers who order all the time, with cards of every kind, and note what was acknowledged.
/// </summary>
internal sealed class Customers(Uri commands)
{
    private const int Many = 4;
    private static readonly string[] Skus = ["CUP-1", "POT-1", "TEA-1"];
    private static readonly string[] Cards = ["tok_ok", "tok_ok", "tok_ok", "tok_slow", "tok_flaky", "tok_declined", "tok_timeout"];

    private readonly HttpClient http = new() { BaseAddress = commands, Timeout = TimeSpan.FromSeconds(40) };
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> acknowledged = new();
    private long highestToken;

    public static IReadOnlyList<string> Goods => Skus;

    /// <summary>The highest position that anybody was told.</summary>
    public long HighestToken => Interlocked.Read(ref highestToken);

    public int Acknowledged => acknowledged.Count;

    /// <summary>Orders that were acknowledged, accepted only or done, before that time.</summary>
    public IReadOnlyList<Guid> AcknowledgedBefore(DateTimeOffset time) =>
        [.. acknowledged.Where(order => order.Value < time).Select(order => order.Key)];

    public async Task Stock(CancellationToken cancellationToken)
    {
        foreach (var sku in Skus)
        {
            var price = new { amount = 9.75m, currency = "GBP" };
            await Send("products", new { sku, name = sku, category = "Ware", price }, cancellationToken);
            await Send($"stock/{sku}/receipts", new { quantity = 100_000 }, cancellationToken);
        }
    }

    /// <summary>Orders until it is told to end.</summary>
    public Task Shop(CancellationToken ending, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Many).Select(async seed =>
        {
            var random = new Random(seed);
            while (!ending.IsCancellationRequested)
            {
                await Order(Cards[random.Next(Cards.Length)], random.Next(2) == 0, cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(50), ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }));

    /// <returns>The order, once it is acknowledged.</returns>
    public async Task<Guid> Order(string cardToken, bool wait, CancellationToken cancellationToken)
    {
        var orderId = Guid.CreateVersion7();
        var body = new
        {
            orderId,
            customerId = "ada",
            lines = Skus.Select(sku => new { sku, quantity = 2 }),
            shippingAddress = new { name = "Ada", line1 = "1 Main Street", city = "Bath", country = "GB" },
            payment = new { cardToken },
        };
        await Send("orders", body, cancellationToken, wait);
        acknowledged[orderId] = DateTimeOffset.UtcNow;
        return orderId;
    }

    private async Task Send(string path, object body, CancellationToken cancellationToken, bool wait = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (wait)
            request.Headers.Add("Prefer", "wait=20");
        using var response = await http.SendAsync(request, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        if (!response.Headers.TryGetValues("Consistency-Token", out var tokens))
            return;
        var token = long.Parse(tokens.Single(), null);
        for (var known = HighestToken; known < token; known = HighestToken)
            Interlocked.CompareExchange(ref highestToken, token, known);
    }
}
