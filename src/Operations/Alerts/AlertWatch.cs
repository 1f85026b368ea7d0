using System.Diagnostics.Metrics;
using Operations.Alerts.Figures;
using Operations.Alerts.Projections;
using Operations.Alerts.Rules;
using Operations.Alerts.Servers;

namespace Operations.Alerts;

/// <summary>
/// Judges every rule every two seconds. A change is a log line and a measurement at once, and goes to the reports for
/// the custom check and the event, which need a database.
/// </summary>
internal sealed partial class AlertWatch : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly FigureStore figures;
    private readonly ProjectionWatch projections;
    private readonly ServerProbes servers;
    private readonly AlertReports reports;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly List<Alert> alerts;
    private readonly Lock gate = new();
    private DateTimeOffset evaluatedAt;

    public AlertWatch(
        FigureStore figures, ProjectionWatch projections, ServerProbes servers, AlertReports reports,
        OperationsSettings settings, IMeterFactory meters, TimeProvider clock, ILogger<AlertWatch> logger)
    {
        (this.figures, this.projections, this.servers, this.reports) = (figures, projections, servers, reports);
        (this.clock, this.logger) = (clock, logger);
        evaluatedAt = clock.GetUtcNow();
        alerts =
        [
            .. AlertRules.All(settings.Alerts, servers.States.Select(server => server.Name))
                .Select(rule => new Alert(rule, evaluatedAt)),
        ];
        Publish(meters, Measure);
    }

    /// <summary>Makes the instrument that says which alerts are raised.</summary>
    internal static void Publish(IMeterFactory meters, Func<IEnumerable<Measurement<int>>> measure) =>
        meters.Create("AspireCqrs").CreateObservableGauge(
            "alert_raised", measure, "{alert}", "1 while the alert is raised, 0 while not.");

    /// <summary>All alerts as they are now, those raised first.</summary>
    public AlertsView View()
    {
        lock (gate)
        {
            return new AlertsView(
                evaluatedAt,
                alerts.Count(alert => alert.State == AlertState.Raised),
                [.. alerts.OrderByDescending(alert => alert.State).Select(AlertView.Of)]);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Evaluate();
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Evaluate()
    {
        var windows = new Dictionary<TimeSpan, FigureWindow>();
        var inputs = new AlertInputs(clock.GetUtcNow(), Over, projections.Last, servers.States);
        lock (gate)
        {
            foreach (var alert in alerts)
            {
                var wasSettled = alert.IsSettled;
                if (alert.Take(alert.Rule.Read(inputs), inputs.Now) is { } change)
                {
                    Say(change);
                    reports.Add(change);
                }
                else if (!wasSettled && alert.IsSettled)
                {
                    // Ends what an earlier process raised and did not live to see the end of.
                    reports.Add(new AlertChange(alert.Rule, AlertState.Ok, inputs.Now, ""));
                }
            }

            evaluatedAt = inputs.Now;
        }

        // Most rules look at the same window: it is added up once for all.
        FigureWindow Over(TimeSpan window) => windows.TryGetValue(window, out var known)
            ? known
            : windows[window] = figures.Over(window);
    }

    private void Say(AlertChange change)
    {
        if (change.State == AlertState.Raised)
            Raised(logger, change.Rule.Id, change.Words);
        else
            Ended(logger, change.Rule.Id, change.Words);
    }

    private IEnumerable<Measurement<int>> Measure()
    {
        lock (gate)
        {
            return
            [
                .. alerts.Select(alert => new Measurement<int>(
                    alert.State == AlertState.Raised ? 1 : 0,
                    new KeyValuePair<string, object?>("alert", alert.Rule.Id))),
            ];
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Alert {Alert}: {Words}")]
    private static partial void Raised(ILogger logger, string alert, string words);

    [LoggerMessage(Level = LogLevel.Information, Message = "Alert {Alert} has ended. {Words}")]
    private static partial void Ended(ILogger logger, string alert, string words);
}
