namespace EventStore.Tests;

public sealed record ItemAdded(string Item, int Quantity, decimal Price);

public sealed record ItemRemoved(string Item);

public enum BasketChannel
{
    Shop,
    WebSite,
}

public sealed record BasketOpened(Guid BasketId, BasketChannel Channel, DateTimeOffset At, string? Note = null);

/// <summary>What a basket holds: the sum of its events.</summary>
public sealed record Basket(int Items, decimal Worth)
{
    public static Fold<Basket> Fold(string name = "basket", int schemaVersion = 1, int? snapshotEvery = null) => new(
        name,
        new Basket(0, 0),
        static (basket, e) => e switch
        {
            ItemAdded added => new Basket(basket.Items + added.Quantity, basket.Worth + (added.Quantity * added.Price)),
            _ => basket,
        },
        schemaVersion,
        snapshotEvery);
}

public static class BasketEvents
{
    private static int last;

    public static EventTypes Types() => new EventTypes()
        .Map<ItemAdded>("item-added")
        .Map<ItemRemoved>("item-removed")
        .Map<BasketOpened>("basket-opened");

    public static string NewStream(string kind = "basket") => $"{kind}/demo/{Interlocked.Increment(ref last):000000}";

    public static ItemAdded Added(int n = 1) => new($"item-{n}", n, 12.50m);

    public static EventMetadata Metadata(Guid? commandId = null) =>
        new(commandId ?? Guid.CreateVersion7(), "demo", new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero));

    /// <summary>An append of some events to one stream.</summary>
    public static AppendRequest To(
        string stream, ExpectedVersion? expected = null, int events = 1, Guid? commandId = null, int from = 1) => new(
        [new StreamAppend(stream, expected ?? ExpectedVersion.Any, [.. Enumerable.Range(from, events).Select(Added)])],
        Metadata(commandId));

    public static async Task<List<T>> All<T>(this IAsyncEnumerable<T> source)
    {
        var all = new List<T>();
        await foreach (var item in source)
            all.Add(item);
        return all;
    }
}
