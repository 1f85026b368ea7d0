using System.Diagnostics;

namespace QueryApi.Consistency;

/// <summary>How far a projection had come when this process last looked.</summary>
/// <param name="Storage">Where its live build is: schema, key prefix or index.</param>
/// <param name="Position">Every event up to here was in the model.</param>
/// <param name="Staleness">Time since the model last held all of the log; null before it ever did.</param>
internal sealed record Checkpoint(string Projection, string Storage, long Position, TimeSpan? Staleness)
{
    private readonly long readAt = Stopwatch.GetTimestamp();

    /// <summary>What <see cref="Staleness"/> has grown to by now, if nothing moved on since.</summary>
    public TimeSpan? StalenessNow => Staleness + Stopwatch.GetElapsedTime(readAt);
}

/// <summary>The projections by the names they have in the read models.</summary>
internal static class ProjectionNames
{
    public const string ProductDetails = "product-details";
    public const string ProductSearch = "product-search";
    public const string OrderDetails = "order-details";
    public const string CustomerOrders = "customer-orders";
    public const string Revenue = "revenue";
    public const string StockLevels = "stock-levels";
    public const string Bestsellers = "bestsellers";
}
