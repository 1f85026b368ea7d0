using Operations.Alerts;
using Operations.Alerts.Figures;
using Operations.Alerts.Projections;
using Operations.Alerts.Servers;

namespace Operations.Console.Live;

/// <summary>The last seconds of the whole system, as <c>GET /operations/figures</c> has them.</summary>
/// <param name="Instances">Processes that report.</param>
internal sealed record FiguresSummary(
    int Instances, double WindowSeconds, CommandFigures Commands, AppendFigures Appends, QueryFigures Queries)
{
    public static FiguresSummary Of(FiguresView all) =>
        new(all.Instances.Count, all.WindowSeconds, all.Commands, all.Appends, all.Queries);
}

/// <summary>What Operations watches all the time, in memory: it is there whatever database is away.</summary>
internal sealed class WatchedSystem(
    AlertWatch alerts, FigureStore figures, ProjectionWatch projections, ServerProbes servers, TimeProvider clock)
{
    /// <summary>Those raised first.</summary>
    public IReadOnlyList<AlertView> Alerts() => alerts.View().Alerts;

    public FiguresSummary Figures() =>
        FiguresSummary.Of(FiguresView.Of(clock.GetUtcNow(), figures, projections.Last, servers.States));
}
