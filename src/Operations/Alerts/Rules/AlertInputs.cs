using Operations.Alerts.Figures;
using Operations.Alerts.Projections;
using Operations.Alerts.Servers;

namespace Operations.Alerts.Rules;

/// <summary>All that rules look at, at one moment.</summary>
internal sealed record AlertInputs(
    DateTimeOffset Now, Func<TimeSpan, FigureWindow> Over, ProjectionSample Projections,
    IReadOnlyList<ServerState> Servers);
