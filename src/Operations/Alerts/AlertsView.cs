using Operations.Alerts.Rules;

namespace Operations.Alerts;

/// <summary>The answer to <c>GET /operations/alerts</c>.</summary>
internal sealed record AlertsView(DateTimeOffset EvaluatedAt, int Raised, IReadOnlyList<AlertView> Alerts);

/// <param name="Limit">Ceiling of the value; its floor where <paramref name="Comparison"/> is <c>at_least</c>.</param>
/// <param name="Value">Absent where there is too little to judge by.</param>
internal sealed record AlertView(
    string Id, string Title, string Category, AlertState State, double? Value, double Limit, string Unit,
    string Comparison, long Samples, double WindowSeconds, DateTimeOffset Since, string? Detail)
{
    public static AlertView Of(Alert alert) => new(
        alert.Rule.Id,
        alert.Rule.Title,
        alert.Rule.Category,
        alert.State,
        alert.Last.Value is { } value ? Math.Round(value, 2) : null,
        alert.Rule.Limit,
        alert.Rule.Unit,
        alert.Rule.IsFloor ? "at_least" : "at_most",
        alert.Last.Samples,
        alert.Rule.Window.TotalSeconds,
        alert.Since,
        alert.Last.Detail);
}
