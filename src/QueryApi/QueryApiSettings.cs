namespace QueryApi;

/// <summary>Limits of one instance, from the configuration section <c>Queries</c>.</summary>
internal sealed record QueryApiSettings
{
    public const string Section = "Queries";

    /// <summary>Longest time that a store may take: rather an error in time than an answer nobody waits for.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests that may wait for consistency at the same time; more are answered 503.</summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>Live streams of orders that may be open at the same time; more are answered 503.</summary>
    public int MaxLiveOrders { get; init; } = 1_000;

    /// <summary>How often a quiet live stream says that it is alive, so that no proxy closes it.</summary>
    public TimeSpan LiveHeartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Memory that cached answers may take, in bytes.</summary>
    public long CacheSize { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// How long an answer is kept at most. It is served only while it is known to hold; while a store is away, this is
    /// how old an answer can get.
    /// </summary>
    public TimeSpan CacheFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Positions of the log that an instance reads when it starts, to know which shared answers still hold.
    /// </summary>
    public long CacheHistory { get; init; } = 20_000;

    /// <summary>How long a cursor is good for.</summary>
    public TimeSpan CursorLifetime { get; init; } = TimeSpan.FromDays(1);
}
