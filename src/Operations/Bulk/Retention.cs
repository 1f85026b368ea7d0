using Npgsql;
using Operations.Auditing;
using Operations.Storage;

namespace Operations.Bulk;

/// <summary>Deletes what is older than it has to be kept.</summary>
internal sealed partial class Retention(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
    OperationsSettings settings,
    AuditDays days,
    ILogger<Retention> logger) : BackgroundService
{
    private const int Batch = 1000;

    private static readonly string DeleteMessages = Sql.Beside<Retention>("delete-old-messages");
    private static readonly string DeleteEvents = Sql.Beside<Retention>("delete-old-events");
    private static readonly string DeleteOtherwise = Sql.Named("Operations.Auditing.delete-otherwise.sql");
    private static readonly string DeleteChanges = Sql.Named("Operations.Auditing.delete-changes.sql");
    private static readonly string DeleteActions = Sql.Beside<Retention>("delete-old-actions");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Delete(DeleteMessages, settings.ErrorRetention, stoppingToken);
                await Delete(DeleteEvents, settings.EventRetention, stoppingToken);
                await Delete(DeleteActions, settings.ActionRetention, stoppingToken);
                await days.Drop(DateTime.UtcNow - settings.AuditRetention, stoppingToken);
                await Delete(DeleteOtherwise, settings.AuditRetention, stoppingToken);
                await Delete(DeleteChanges, settings.AuditRetention, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                NotDeleted(logger, settings.RetentionInterval, exception.Message);
            }

            // A stop ends the pause, not the host.
            await Task.Delay(settings.RetentionInterval, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>In batches, each committed, so that nobody waits for it.</summary>
    private async Task Delete(string sql, TimeSpan age, CancellationToken stoppingToken)
    {
        int deleted;
        do
        {
            deleted = await database.Execute(sql, stoppingToken, age, Batch);
        }
        while (deleted > 0);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What is too old could not be deleted; next attempt in {Interval}: {Reason}")]
    private static partial void NotDeleted(ILogger logger, TimeSpan interval, string reason);
}
