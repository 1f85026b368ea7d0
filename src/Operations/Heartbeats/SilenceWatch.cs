using Npgsql;

namespace Operations.Heartbeats;

/// <summary>Looks for endpoints that have fallen silent.</summary>
internal sealed partial class SilenceWatch(
    EndpointInstances endpoints, OperationsSettings settings, ILogger<SilenceWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Right after a start nobody can have been heard yet: heartbeats that waited in the queue come first.
        using var timer = new PeriodicTimer(settings.HeartbeatGracePeriod / 8);
        await Task.Delay(settings.HeartbeatGracePeriod / 2, stoppingToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await endpoints.MarkSilent(DateTime.UtcNow - settings.HeartbeatGracePeriod, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException exception)
            {
                NotChecked(logger, exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Heartbeats could not be checked; trying again: {Reason}")]
    private static partial void NotChecked(ILogger logger, string reason);
}
