using Operations.Alerts;

namespace Operations.Console.Live;

/// <summary>What the page shows at a moment. Each part is read by itself: one that cannot be says why.</summary>
/// <param name="Alerts">Those raised first.</param>
/// <param name="Actions">The id of the newest action: when it rises, the list of actions has to be read again.</param>
internal sealed record ConsoleSnapshot(
    IReadOnlyList<AlertView> Alerts, FiguresSummary Figures,
    Part<IReadOnlyList<Projections.ProjectionView>> Projections, Part<FailedView> Failed, Part<long> Actions);

/// <param name="Error">Why there is no value, for the operator; null: there is one.</param>
internal sealed record Part<T>(T? Value, string? Error);

/// <summary>Messages that failed and are not resolved.</summary>
/// <param name="Groups">The largest, by exception and place.</param>
/// <param name="GroupCount">All of them.</param>
internal sealed record FailedView(long Count, int GroupCount, IReadOnlyList<FailedGroupView> Groups);

internal sealed record FailedGroupView(Guid Id, string Title, int Count, DateTime Last);
