using Operations.Alerts.Figures;
using Operations.Alerts.Projections;
using Operations.Alerts.Servers;

namespace Operations.Alerts;

/// <summary>The answer to <c>GET /operations/figures</c>: the last seconds of the whole system.</summary>
internal sealed record FiguresView(
    DateTimeOffset At, double WindowSeconds, CommandFigures Commands, AppendFigures Appends, QueryFigures Queries,
    IReadOnlyList<ProjectionView> Projections, string? ProjectionsError, ErrorFigures Errors,
    IReadOnlyList<ServerView> Servers, IReadOnlyList<InstanceView> Instances)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static FiguresView Of(
        DateTimeOffset now, FigureStore figures, ProjectionSample projections, IReadOnlyList<ServerState> servers)
    {
        var (window, minute) = (figures.Over(Window), figures.Over(Minute));
        return new FiguresView(
            now,
            Window.TotalSeconds,
            CommandFigures.Of(window),
            new AppendFigures(
                window.PerSecond("event_store_append_time"), Times.Of(window.Distribution("event_store_append_time"))),
            QueryFigures.Of(window),
            [.. projections.Projections.Select(one => ProjectionView.Of(one, window, minute))],
            projections.Error,
            ErrorFigures.Of(minute),
            [.. servers.Select(one => new ServerView(one.Name, one.Up, one.ResponseMs, one.Silence.TotalSeconds, one.Error))],
            [
                .. figures.Instances().Select(one => new InstanceView(
                    one.Service, one.Instance, one.LastHeardAt, (now - one.LastHeardAt).TotalSeconds)),
            ]);
    }
}

/// <summary>Milliseconds; absent where nothing was measured.</summary>
internal sealed record Times(long Count, double? P50, double? P95, double? P99)
{
    public static Times Of(Distribution times) =>
        new(times.Count, times.Quantile(0.5), times.Quantile(0.95), times.Quantile(0.99));
}

/// <param name="RejectedShare">0 to 1; absent where none was decided.</param>
internal sealed record CommandFigures(
    double PerSecond, double AcceptedPerSecond, double RejectedPerSecond, double? RejectedShare, Times ProcessingTimeMs)
{
    public static CommandFigures Of(FigureWindow window)
    {
        var (all, rejected) = (window.Count("command_decisions"), window.Count("command_decisions", ("outcome", "rejected")));
        return new CommandFigures(
            window.PerSecond("command_decisions"),
            window.PerSecond("command_decisions", ("outcome", "accepted")),
            window.PerSecond("command_decisions", ("outcome", "rejected")),
            all == 0 ? null : (double)rejected / all,
            Times.Of(window.Distribution("command_processing_time")));
    }
}

internal sealed record AppendFigures(double PerSecond, Times TimeMs);

/// <param name="CacheHitRate">0 to 1; absent where no query was asked that a cache could answer.</param>
internal sealed record QueryFigures(
    double PerSecond, Times ResponseTimeMs, long CacheHits, long CacheMisses, double? CacheHitRate)
{
    public static QueryFigures Of(FigureWindow window)
    {
        var (hits, all) = (window.Count("cache_lookups", ("result", "hit")), window.Count("cache_lookups"));
        return new QueryFigures(
            window.PerSecond("query_response_time"), Times.Of(window.Distribution("query_response_time")), hits,
            all - hits, all == 0 ? null : (double)hits / all);
    }
}

/// <inheritdoc cref="ProjectionFigure"/>
internal sealed record ProjectionView(
    string Name, string? Store, string State, long Position, long Head, long LagEvents, double? LagSeconds,
    double EventsPerSecond, long FailuresPerMinute, int ParkedStreams, double? Progress, int Instances, string? Error)
{
    public static ProjectionView Of(ProjectionFigure one, FigureWindow window, FigureWindow minute) => new(
        one.Name, one.Store, one.State, one.Position, one.Head, one.LagEvents, one.LagSeconds,
        window.PerSecond("projection_events", ("projection", one.Name)),
        minute.Count("event_processing_failures", ("projection", one.Name)),
        one.ParkedStreams, one.Progress, one.Instances, one.Error);
}

/// <summary>Of the last minute.</summary>
internal sealed record ErrorFigures(
    long EventProcessingFailuresPerMinute, long ConsistencyChecksPerMinute, long ConsistencyCheckFailuresPerMinute)
{
    public static ErrorFigures Of(FigureWindow minute) => new(
        minute.Count("event_processing_failures"),
        minute.Count("consistency_checks"),
        minute.Count("consistency_check_failures"));
}

internal sealed record ServerView(string Name, bool Up, double? ResponseMs, double SilentSeconds, string? Error);

internal sealed record InstanceView(string Service, string Instance, DateTimeOffset LastHeardAt, double SilentSeconds);
