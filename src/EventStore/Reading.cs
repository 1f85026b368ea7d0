namespace EventStore;

public enum ReadDirection
{
    Forward,
    Backward,
}

/// <summary>Which events of the log to read; null leaves a criterion open, several must all hold.</summary>
/// <param name="Types">Stored type names.</param>
/// <param name="Since">Events decided at or after this time.</param>
public sealed record LogFilter(
    IReadOnlyCollection<string>? Types = null, string? Tenant = null, DateTimeOffset? Since = null);

/// <param name="BatchSize">Events in a batch at most.</param>
/// <param name="PollInterval">How long to wait for a notification before looking anyway.</param>
public sealed record SubscriptionOptions(
    LogFilter? Filter = null, int BatchSize = 500, TimeSpan? PollInterval = null);
