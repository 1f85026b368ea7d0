namespace QueryApi.Consistency;

/// <summary>What <c>Cache-Status</c> (RFC 9211) says of an answer.</summary>
internal static class CacheStatus
{
    public const string Header = "Cache-Status";

    public const string Hit = "query-api; hit";
    public const string SharedHit = "query-api; hit; detail=redis";

    /// <summary>Nothing was cached.</summary>
    public const string Miss = "query-api; fwd=uri-miss";

    /// <summary>What was cached did not hold any more.</summary>
    public const string Outdated = "query-api; fwd=stale";

    /// <summary>The request asked for what no cache can give.</summary>
    public const string Bypass = "query-api; fwd=bypass";

    /// <summary>Several requests shared one read of the model.</summary>
    public const string Collapsed = "; collapsed";

    public const string Stored = "; stored";

    /// <summary>Served although it may not hold, because the store is away.</summary>
    public static string Stale(TimeSpan age) => $"query-api; hit; ttl=-{Math.Max(0, (long)age.TotalSeconds)}";
}
