using Operations.Alerts.Figures;
using Operations.Alerts.Servers;

namespace Operations.Alerts.Rules;

/// <summary>
/// Every rule. Latencies are judged by the share of measurements above the limit, which is counted exactly; a handful
/// of slow ones, as after a start, is no alert.
/// </summary>
internal static class AlertRules
{
    private const int FewestSamples = 20;
    private const int FewestOutliers = 5;
    private const double SlowShare = 0.01;

    /// <summary>An alert ends when the value is so far on the right side of the limit.</summary>
    private const double Margin = 0.9;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RaiseAfter = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ClearAfter = TimeSpan.FromSeconds(10);

    /// <param name="servers">Names of the servers that are probed.</param>
    public static IReadOnlyList<AlertRule> All(AlertLimits limits, IEnumerable<string> servers) =>
    [
        Slow(
            "command-processing-time", "Commands take long (p99)", limits.CommandProcessingTime,
            "command_processing_time"),
        Slow(
            "event-store-append-time", "Appends to the event store take long (p99)", limits.EventStoreAppendTime,
            "event_store_append_time"),
        Rule(
            "command-rejection-rate", "Many commands are refused", "errors", "%", limits.CommandRejectionRate, Window,
            inputs => Rejections(inputs.Over(Window), limits.CommandRejectionRate)),
        Rule(
            "projection-lag", "A read model is behind the log", "lag", "s", limits.ProjectionLag, TimeSpan.Zero,
            inputs => Lag(inputs, limits.ProjectionLag)),
        Slow(
            "query-response-time", "Queries take long (p99)", limits.QueryResponseTime, "query_response_time",
            ("consistency", "eventual")),
        Rule(
            "cache-hit-rate", "Few answers come from caches", "latency", "%", limits.CacheHitRate, Window,
            inputs => CacheHits(inputs.Over(Window), limits)) with { IsFloor = true },
        Rule(
            "event-processing-failures", "Events fail to be applied to read models", "errors", "/min",
            limits.EventProcessingFailures, Minute,
            inputs => Failures(inputs.Over(Minute), limits.EventProcessingFailures)),
        Rule(
            "consistency-check-failures", "Read models differ from the log", "consistency", "%",
            limits.ConsistencyCheckFailures, Minute,
            inputs => Differences(inputs.Over(Minute), limits.ConsistencyCheckFailures)),
        .. servers.Select(server => Rule(
            $"server-{server}", $"{server} does not answer", "servers", "s", limits.ServerSilence, TimeSpan.Zero,
            inputs => Silence(inputs.Servers.Single(state => state.Name == server), limits.ServerSilence)) with
        {
            RaiseAfter = TimeSpan.Zero,
            ClearAfter = TimeSpan.FromSeconds(4),
        }),
    ];

    private static AlertRule Rule(
        string id, string title, string category, string unit, double limit, TimeSpan window,
        Func<AlertInputs, Reading> read) =>
        new(id, title, category, unit, limit, IsFloor: false, window, RaiseAfter, ClearAfter, read);

    private static AlertRule Slow(
        string id, string title, double limit, string histogram, (string, string)? tag = null) =>
        Rule(id, title, "latency", "ms", limit, Window, inputs =>
        {
            var times = inputs.Over(Window).Distribution(histogram, tag);
            var (count, slow) = (times.Count, times.Above(limit));
            if (count < FewestSamples)
                return Reading.Idle(count);
            return new Reading(
                times.Quantile(0.99), slow >= FewestOutliers && slow > count * SlowShare, slow <= count * SlowShare * Margin
                    || slow < FewestOutliers, count, slow > 0 ? $"{slow} took longer" : null);
        });

    private static Reading Rejections(FigureWindow window, double limit)
    {
        var rejected = window.Count("command_decisions", ("outcome", "rejected"));
        var decided = window.Count("command_decisions");
        if (decided < FewestSamples)
            return Reading.Idle(decided);
        var percent = 100.0 * rejected / decided;
        return new Reading(
            percent, percent > limit && rejected >= FewestOutliers,
            percent <= limit * Margin || rejected < FewestOutliers, decided, $"{rejected} refused");
    }

    private static Reading Lag(AlertInputs inputs, double limit)
    {
        var sample = inputs.Projections;
        if (sample.Error is { } error)
            return Reading.Unknown(error);
        var behind = sample.Projections.Where(one => one.LagSeconds > limit * Margin).Select(one => one.Name).ToList();
        var lag = sample.Projections.Max(one => one.LagSeconds);
        return new Reading(
            lag, lag > limit, lag is null || lag <= limit * Margin, 0,
            behind.Count > 0 ? string.Join(", ", behind) : null);
    }

    private static Reading CacheHits(FigureWindow window, AlertLimits limits)
    {
        var lookups = window.Count("cache_lookups");
        if (lookups < limits.CacheLookupsPerSecond * Window.TotalSeconds)
            return Reading.Idle(lookups);
        var percent = 100.0 * window.Count("cache_lookups", ("result", "hit")) / lookups;
        return new Reading(
            percent, percent < limits.CacheHitRate, percent >= limits.CacheHitRate + (100 - limits.CacheHitRate) / 10,
            lookups, null);
    }

    private static Reading Failures(FigureWindow window, double limit)
    {
        var failures = window.Count("event_processing_failures");
        return new Reading(failures, failures > limit, failures <= limit * Margin, failures, null);
    }

    private static Reading Differences(FigureWindow window, double limit)
    {
        var different = window.Count("consistency_check_failures");
        var compared = window.Count("consistency_checks");
        if (compared == 0)
            return Reading.Idle();
        var percent = 100.0 * different / compared;
        return new Reading(
            percent, percent > limit, percent <= limit * Margin, compared,
            different > 0 ? $"{different} differ; cqrs check consistency shows which" : null);
    }

    private static Reading Silence(ServerState server, double limit)
    {
        var seconds = server.Silence.TotalSeconds;
        return new Reading(seconds, seconds > limit, server.Up, 0, server.Error);
    }
}
