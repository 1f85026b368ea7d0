namespace EventStore.Bench;

/// <summary>An event of ordinary size: about 200 bytes of JSON.</summary>
public sealed record LineReserved(
    string Tenant,
    string Sku,
    Guid OrderId,
    int Quantity,
    decimal UnitPrice,
    string Currency,
    string Warehouse,
    string Note);

internal static class Sample
{
    public static EventTypes Types { get; } = new EventTypes().Map<LineReserved>("line-reserved");

    /// <summary>One of 20,000.</summary>
    public static string Stream(int n) => $"stock/demo/{n % 20_000:00000}";

    public static LineReserved Event(int n) => new(
        "demo", $"SKU-{n % 4000:0000}", Guid.CreateVersion7(), 1 + (n % 12), 12.50m + (n % 100), "GBP", "Leeds 3",
        "reserved until the payment is authorized");

    public static AppendRequest Request(string stream, int n, int events = 1) => new(
        [new StreamAppend(stream, ExpectedVersion.Any, [.. Enumerable.Range(n, events).Select(Event)])], Metadata());

    public static EventMetadata Metadata() => new(
        Guid.CreateVersion7(),
        "demo",
        DateTimeOffset.UtcNow,
        CorrelationId: Guid.CreateVersion7().ToString(),
        TraceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
}
