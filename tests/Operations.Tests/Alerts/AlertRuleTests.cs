using Operations.Alerts.Figures;
using Operations.Alerts.Projections;
using Operations.Alerts.Rules;
using Operations.Alerts.Servers;

namespace Operations.Tests.Alerts;

/// <summary>When an alert is raised, when it ends, and when it keeps quiet.</summary>
public sealed class AlertRuleTests
{
    private readonly ManualClock clock = new();
    private readonly FigureStore store;
    private readonly Dictionary<string, Alert> alerts;
    private readonly ReportedService service;
    private ProjectionSample projections = new(DateTimeOffset.MinValue, [], null);
    private ServerState redis = new("redis", true, TimeSpan.Zero, 1, null);

    public AlertRuleTests()
    {
        store = new FigureStore(clock);
        service = new ReportedService().To(store);
        alerts = AlertRules.All(new AlertLimits(), ["redis"])
            .ToDictionary(rule => rule.Id, rule => new Alert(rule, clock.GetUtcNow()));
    }

    [Fact]
    public void Rejections_above_the_limit_raise_within_fifteen_seconds_and_the_alert_ends_when_they_stop()
    {
        Run(seconds: 40, () => service.Decide(accepted: 20));
        Assert.Equal(AlertState.Ok, Of("command-rejection-rate"));
        Run(seconds: 14, () => service.Decide(accepted: 16, rejected: 4));
        Assert.Equal(AlertState.Raised, Of("command-rejection-rate"));
        Run(seconds: 45, () => service.Decide(accepted: 20));
        Assert.Equal(AlertState.Ok, Of("command-rejection-rate"));
    }

    [Fact]
    public void An_alert_ends_too_when_nothing_happens_any_more()
    {
        Run(seconds: 14, () => service.Decide(accepted: 10, rejected: 10));
        Assert.Equal(AlertState.Raised, Of("command-rejection-rate"));
        Run(seconds: 45, () => service);
        Assert.Equal(AlertState.Ok, Of("command-rejection-rate"));
    }

    [Fact]
    public void A_few_rejections_in_an_idle_system_are_no_alert()
    {
        Run(seconds: 60, () => service.Decide(accepted: 1, rejected: 0));
        service.Decide(accepted: 0, rejected: 4);
        Run(seconds: 20, () => service);
        Assert.Equal(AlertState.Ok, Of("command-rejection-rate"));
    }

    [Fact]
    public void A_share_that_swings_about_the_limit_changes_nothing()
    {
        // 5.5 % and 4.75 % in turn: the one breaks the limit, the other does not clear it.
        var changes = new List<AlertChange>();
        for (var turn = 0; turn < 60; turn++)
        {
            var rejected = turn / 8 % 2 == 0 ? 55 : 47;
            changes.AddRange(Run(seconds: 2, () => service.Decide(accepted: 1000 - rejected, rejected)));
        }

        Assert.Single(changes, change => change.Rule.Id == "command-rejection-rate");
    }

    [Fact]
    public void Slow_commands_are_an_alert_and_a_handful_after_a_start_is_none()
    {
        service.Measure("command_processing_time", "outcome", "accepted", 800, times: 4);
        Run(seconds: 20, () => service.Decide(accepted: 5));
        Assert.Equal(AlertState.Ok, Of("command-processing-time"));
        Run(seconds: 14, () => service.Measure("command_processing_time", "outcome", "accepted", 800, times: 1).Decide(20));
        Assert.Equal(AlertState.Raised, Of("command-processing-time"));
        Assert.InRange(alerts["command-processing-time"].Last.Value!.Value, 500, 1000);
    }

    [Fact]
    public void Queries_that_waited_because_they_were_asked_to_are_not_judged()
    {
        Run(seconds: 20, () => service.Measure("query_response_time", "consistency", "session", 800, times: 20));
        Assert.Equal(AlertState.Ok, Of("query-response-time"));
        Run(seconds: 20, () => service.Measure("query_response_time", "consistency", "eventual", 800, times: 20));
        Assert.Equal(AlertState.Raised, Of("query-response-time"));
    }

    [Fact]
    public void Cold_caches_are_an_alert_only_under_load()
    {
        Run(seconds: 40, () => Look(hits: 1, misses: 1));
        Assert.Equal(AlertState.Ok, Of("cache-hit-rate"));
        Run(seconds: 40, () => Look(hits: 50, misses: 50));
        Assert.Equal(AlertState.Raised, Of("cache-hit-rate"));
        Run(seconds: 45, () => Look(hits: 90, misses: 10));
        Assert.Equal(AlertState.Ok, Of("cache-hit-rate"));

        ReportedService Look(int hits, int misses) => service
            .Count("cache_lookups", "result", "hit", hits).Count("cache_lookups", "result", "miss", misses);
    }

    [Fact]
    public void A_read_model_that_is_behind_names_itself_and_the_alert_outlasts_not_knowing()
    {
        projections = Behind(seconds: 7);
        Run(seconds: 6, () => service);
        Assert.Equal(AlertState.Raised, Of("projection-lag"));
        Assert.Contains("order-details", alerts["projection-lag"].Last.Detail);
        projections = projections with { Error = "the database is away" };
        Run(seconds: 60, () => service);
        Assert.Equal(AlertState.Raised, Of("projection-lag"));
        projections = Behind(seconds: 0);
        Run(seconds: 12, () => service);
        Assert.Equal(AlertState.Ok, Of("projection-lag"));
    }

    [Fact]
    public void Failures_and_differences_are_counted()
    {
        Run(seconds: 12, () => service
            .Count("event_processing_failures", "projection", "order-details", 4)
            .Count("consistency_checks", "projection", "order-details", 40)
            .Count("consistency_check_failures", "projection", "order-details", 1));
        Assert.Equal(AlertState.Raised, Of("event-processing-failures"));
        Assert.Equal(AlertState.Raised, Of("consistency-check-failures"));
        Run(seconds: 75, () => service.Count("consistency_checks", "projection", "order-details", 40));
        Assert.Equal(AlertState.Ok, Of("event-processing-failures"));
        Assert.Equal(AlertState.Ok, Of("consistency-check-failures"));
    }

    [Fact]
    public void A_server_that_is_silent_is_an_alert_until_it_answers()
    {
        redis = redis with { Up = false, Silence = TimeSpan.FromSeconds(6), Error = "connection refused" };
        Run(seconds: 2, () => service);
        Assert.Equal(AlertState.Raised, Of("server-redis"));
        redis = redis with { Up = true, Silence = TimeSpan.Zero, Error = null };
        Run(seconds: 8, () => service);
        Assert.Equal(AlertState.Ok, Of("server-redis"));
    }

    private static ProjectionSample Behind(double seconds) => new(
        DateTimeOffset.MinValue,
        [
            new ProjectionFigure("customer-orders", "postgres", "live", 9, 9, 0, 0, 0, null, 1, null),
            new ProjectionFigure("order-details", "postgres", "live", 5, 9, 4, seconds, 0, null, 1, null),
        ],
        null);

    private AlertState Of(string id) => alerts[id].State;

    /// <summary>Every two seconds something happens, is reported and judged.</summary>
    private List<AlertChange> Run(double seconds, Func<ReportedService> happens)
    {
        var changes = new List<AlertChange>();
        for (var second = 0; second < seconds; second += 2)
        {
            clock.Pass(seconds: 2);
            happens().To(store);
            var inputs = new AlertInputs(clock.GetUtcNow(), store.Over, projections, [redis]);
            foreach (var alert in alerts.Values)
            {
                if (alert.Take(alert.Rule.Read(inputs), inputs.Now) is { } change)
                    changes.Add(change);
            }
        }

        return changes;
    }
}
