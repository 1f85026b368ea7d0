using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Consistency;

/// <summary>
/// A client that writes, carries the highest token it was given, and reads with it from any instance what it and others
/// write. Stock only ever grows here, so a smaller number than one seen at the same or an earlier token is time going
/// back.
/// </summary>
internal sealed class ClientSession(RunningCommerce commerce, RunningQueryApi[] instances, string tenant, int seed)
{
    /// <summary>Few, so that clients write what others read.</summary>
    public const int Skus = 10;

    private static readonly ConcurrentDictionary<string, Counter> Counters = new(StringComparer.Ordinal);
    private readonly Random random = new(seed);
    private readonly Dictionary<string, int> seen = [];
    private long token;

    public async Task WriteAndRead()
    {
        var shop = new Shop(tenant);
        var sku = $"SKU-{random.Next(Skus)}";
        var counter = Counters.GetOrAdd($"{tenant}/{sku}", static _ => new Counter());
        await counter.Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var level = ++counter.Level;
            token = Math.Max(token, await commerce.Append(shop.Received(sku, 1, onHand: level)));
            seen[sku] = Math.Max(level, seen.GetValueOrDefault(sku));
        }
        finally
        {
            counter.Turn.Release();
        }

        for (var i = 0; i < 3; i++)
            await Read(i == 0 ? sku : $"SKU-{random.Next(Skus)}");
    }

    private async Task Read(string sku)
    {
        var stockAlone = random.Next(2) == 0;
        var path = stockAlone ? $"/stock/{sku}" : $"/products/{sku}";
        using var response = await instances[random.Next(instances.Length)].Send(path, tenant, token);
        if (response.StatusCode is HttpStatusCode.NotFound && stockAlone && !seen.ContainsKey(sku))
            return;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode is HttpStatusCode.OK, text);
        var answer = JsonNode.Parse(text)!;
        var onHand = (int)(stockAlone ? answer : answer["stock"]!)["onHand"]!;
        Assert.True(onHand >= seen.GetValueOrDefault(sku), $"{path} showed {onHand} after {seen.GetValueOrDefault(sku)}");
        seen[sku] = onHand;
        var position = long.Parse(response.Headers.GetValues("Read-Position").Single(), CultureInfo.InvariantCulture);
        Assert.InRange(position, token, long.MaxValue);
        // What was seen is carried on: the next answer, from whichever instance, shows at least as much.
        token = position;
    }

    private sealed class Counter
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Level { get; set; }
    }
}
