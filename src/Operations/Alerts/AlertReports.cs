using System.Threading.Channels;
using Npgsql;
using Operations.Alerts.Rules;
using Operations.CustomChecks;
using Operations.Heartbeats;
using Operations.Intake;

namespace Operations.Alerts;

/// <summary>
/// Writes changes of alerts down as custom checks, and so as events, in their order. While the database is away they
/// wait: its own death is told when it is back.
/// </summary>
internal sealed partial class AlertReports(CustomCheckStore checks, TimeProvider clock, ILogger<AlertReports> logger)
    : BackgroundService
{
    private const string Reporter = "Operations";
    private const int MostWaiting = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Channel<AlertChange> waiting = Channel.CreateBounded<AlertChange>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly EndpointInstance from = new(Reporter, Environment.MachineName, MessageIdentity.Of(Reporter));

    public void Add(AlertChange change) => waiting.Writer.TryWrite(change);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in waiting.Reader.ReadAllAsync(stoppingToken))
            {
                while (!await Write(change, stoppingToken))
                    await Task.Delay(Pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What still waits is found out anew after the next start.
        }
    }

    private async Task<bool> Write(AlertChange change, CancellationToken stoppingToken)
    {
        try
        {
            var reason = change.State == AlertState.Raised ? change.Words : null;
            await checks.Report(
                from, new CheckResult(change.Rule.Id, "Alerts", reason), change.At.UtcDateTime, stoppingToken);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            NotWritten(logger, change.Rule.Id, exception.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Alert} can't be written down yet; trying on: {Reason}")]
    private static partial void NotWritten(ILogger logger, string alert, string reason);
}
