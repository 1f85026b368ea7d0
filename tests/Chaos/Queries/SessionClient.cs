using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using EventStore;

namespace Chaos.Queries;

/// <summary>
/// Writes stock that only ever grows, carries the highest position it has seen as its token, and reads from any
/// instance. A smaller number than one seen before is time going back; less than its own write is a write lost.
/// </summary>
internal sealed class SessionClient(
    IEventStore log, HttpClient http, IReadOnlyList<ServiceProcess> instances, Shelf[] shelves, int seed)
{
    private readonly Random random = new(seed);
    private readonly Dictionary<Shelf, int> seen = [];
    private long token;

    public int Reads { get; private set; }

    /// <summary>Answers 503, and connections that a kill cut.</summary>
    public int Refused { get; private set; }

    public async Task Run(TimeSpan pause, CancellationToken ending, CancellationToken cancellationToken)
    {
        await Task.Delay(pause * random.NextDouble(), cancellationToken);
        while (!ending.IsCancellationRequested)
        {
            var shelf = shelves[random.Next(shelves.Length)];
            if (random.Next(3) == 0)
                await Write(shelf, cancellationToken);
            await Read(shelf, cancellationToken);
            await Task.Delay(pause * (0.5 + random.NextDouble()), cancellationToken);
        }
    }

    /// <summary>What nobody disturbs any more must be answered, and still not go back.</summary>
    public async Task ReadUntilAnswered(CancellationToken cancellationToken)
    {
        var shelf = shelves[random.Next(shelves.Length)];
        while (!await Read(shelf, cancellationToken))
            await Task.Delay(200, cancellationToken);
    }

    private async Task Write(Shelf shelf, CancellationToken cancellationToken)
    {
        await shelf.Turn.WaitAsync(cancellationToken);
        try
        {
            var level = shelf.Level + 1;
            var appended = await log.Append(
                new AppendRequest(
                    [new StreamAppend(
                        CommerceStreams.Stock(Shelf.Tenant, shelf.Sku), ExpectedVersion.Any,
                        [new StockReceived(Shelf.Tenant, shelf.Sku, 1, null, new StockLevel(level, 0))])],
                    new EventMetadata(Guid.CreateVersion7(), Shelf.Tenant, DateTimeOffset.UtcNow)),
                cancellationToken);
            shelf.Level = level;
            token = Math.Max(token, Assert.IsType<Appended>(appended).Position);
            seen[shelf] = level;
        }
        finally
        {
            shelf.Turn.Release();
        }
    }

    /// <returns>False where the answer was 503 or none.</returns>
    private async Task<bool> Read(Shelf shelf, CancellationToken cancellationToken)
    {
        var stockAlone = random.Next(2) == 0;
        var instance = instances[random.Next(instances.Count)];
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"http://127.0.0.1:{instance.Port}/{(stockAlone ? "stock" : "products")}/{shelf.Sku}");
        request.Headers.Add("Tenant", Shelf.Tenant);
        if (token > 0)
            request.Headers.Add("Consistency-Token", token.ToString(CultureInfo.InvariantCulture));
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                Refused++;
                return false;
            }

            Check(shelf, stockAlone, response, text);
            Reads++;
            return true;
        }
        catch (HttpRequestException)
        {
            Refused++;
            return false;
        }
    }

    private void Check(Shelf shelf, bool stockAlone, HttpResponseMessage response, string text)
    {
        var known = seen.GetValueOrDefault(shelf);
        if (response.StatusCode is HttpStatusCode.NotFound && known == 0)
            return;
        Assert.True(response.StatusCode is HttpStatusCode.OK, $"{(int)response.StatusCode} {text}");
        var answer = JsonNode.Parse(text)!;
        var onHand = (int)(stockAlone ? answer : answer["stock"]!)["onHand"]!;
        var position = long.Parse(response.Headers.GetValues("Read-Position").Single(), CultureInfo.InvariantCulture);
        var status = response.Headers.GetValues("Cache-Status").Single();
        Assert.True(onHand >= known, $"{shelf.Sku} showed {onHand} after {known} ({status}; {position} for {token})");
        Assert.True(position >= token, $"{shelf.Sku} was read at {position} for the token {token} ({status})");
        (seen[shelf], token) = (onHand, position);
    }
}

/// <summary>A SKU whose stock the clients raise, one after the other.</summary>
internal sealed class Shelf(int number)
{
    public const string Tenant = "chaos";

    public string Sku { get; } = $"SHELF-{number}";

    public SemaphoreSlim Turn { get; } = new(1);

    public int Level { get; set; }
}
