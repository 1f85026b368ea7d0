using System.Net;
using Commerce.Contracts;

namespace Cli.Apis;

/// <summary>An order as far as this program reads it.</summary>
internal sealed record OrderAnswer(Guid OrderId, string Status, Money Total, string? Reason)
{
    public bool Completed => Status == "completed";

    public bool Final => Status is "completed" or "canceled";
}

internal sealed record RevenueRow(string Key, long Orders, decimal Amount, string Currency);

internal sealed record ProductAnswer(string Sku, string Name, Money Price, StockAnswer? Stock);

internal sealed record StockAnswer(int OnHand, int Reserved, int Available);

/// <summary>The query API.</summary>
internal sealed class QueryClient(HttpClient http)
{
    private readonly Transmission transmission = new(http);

    /// <summary>The order, or null as long as the read model does not know it.</summary>
    public async Task<OrderAnswer?> FindOrder(Guid orderId, CancellationToken cancellationToken)
    {
        using var response = await Get($"orders/{orderId}", cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Transmission.Read<OrderAnswer>(response, cancellationToken);
    }

    public async Task<IReadOnlyList<RevenueRow>> RevenueByCountry(CancellationToken cancellationToken)
    {
        using var response = await Get("analytics/revenue?groupBy=country", cancellationToken);
        return (await Transmission.Read<Items<RevenueRow>>(response, cancellationToken)).Entries;
    }

    public async Task<IReadOnlyList<ProductAnswer>> Products(int limit, CancellationToken cancellationToken)
    {
        using var response = await Get($"products?sort=name&limit={limit}", cancellationToken);
        return (await Transmission.Read<Items<ProductAnswer>>(response, cancellationToken)).Entries;
    }

    private Task<HttpResponseMessage> Get(string path, CancellationToken cancellationToken) =>
        transmission.Send(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    private sealed record Items<T>(
        [property: System.Text.Json.Serialization.JsonPropertyName("items")] IReadOnlyList<T> Entries);
}
