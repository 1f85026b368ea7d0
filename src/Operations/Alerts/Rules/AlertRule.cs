namespace Operations.Alerts.Rules;

/// <summary>A threshold that is watched.</summary>
/// <param name="Id">Stable: runbooks, checks and Prometheus rules have the same name.</param>
/// <param name="Title">What is wrong when it is raised.</param>
/// <param name="Category">latency, errors, lag, servers or consistency.</param>
/// <param name="Unit">Of value and limit: ms, s, %, /min.</param>
/// <param name="IsFloor">The value must not fall below the limit, instead of not rising above it.</param>
/// <param name="RaiseAfter">How long the limit has to be broken without a break.</param>
/// <param name="ClearAfter">How long the value has to be clear of the limit without a break.</param>
internal sealed record AlertRule(
    string Id, string Title, string Category, string Unit, double Limit, bool IsFloor, TimeSpan Window,
    TimeSpan RaiseAfter, TimeSpan ClearAfter, Func<AlertInputs, Reading> Read);
