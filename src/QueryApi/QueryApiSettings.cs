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
}
