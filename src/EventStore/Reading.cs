namespace EventStore;

public enum ReadDirection
{
    Forward,
    Backward,
}

/// <summary>Which events of the log are meant; null leaves a criterion open, several must all hold.</summary>
/// <param name="Types">Stored type names: any of them. Rare types are found by an index.</param>
/// <param name="Tenant">Checked on the way through the log.</param>
/// <param name="Since">Events decided at or after this time. Checked on the way through the log.</param>
/// <param name="Tags">
/// All of them, found by an index on the first: put the rarest first.
/// </param>
public sealed record LogFilter(
    IReadOnlyCollection<string>? Types = null,
    string? Tenant = null,
    DateTimeOffset? Since = null,
    IReadOnlyList<string>? Tags = null)
{
    /// <exception cref="ArgumentException">A text that nothing stored can have.</exception>
    internal void Check()
    {
        foreach (var type in Types ?? [])
            Input.CheckName(type, "type name");
        foreach (var tag in Tags ?? [])
            Input.CheckName(tag, "tag");
        if (Tenant is not null)
            Input.CheckName(Tenant, "tenant");
    }
}

/// <summary>
/// How a subscription follows the log. A batch closes at its size or its time, whichever comes first.
/// </summary>
/// <param name="BatchSize">Events in a batch at most; fewer where their data takes more than 8 MB.</param>
/// <param name="PollInterval">How long to wait for a notification before looking anyway (1 s).</param>
/// <param name="GatherFor">
/// How long a batch that is not full waits for more, from when its first events were read; null: it goes at once. For
/// subscribers that a batch costs much more than an event: at a slow pace each event comes that much later.
/// </param>
/// <param name="Name">Tells this subscription from others in the metrics; null: it is one of those without.</param>
public sealed record SubscriptionOptions(
    LogFilter? Filter = null,
    int BatchSize = 500,
    TimeSpan? PollInterval = null,
    TimeSpan? GatherFor = null,
    string? Name = null)
{
    /// <exception cref="ArgumentException">One of them makes no sense.</exception>
    internal void Check()
    {
        Filter?.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(
            PollInterval ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(PollInterval));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(
            GatherFor ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(GatherFor));
    }
}
