using Npgsql;

namespace Operations.Storage;

/// <summary>Migrates before anything else starts; waits for a database that is still starting itself.</summary>
internal sealed partial class MigrateOnStart(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
    ILogger<MigrateOnStart> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await Migrator.Migrate(database, cancellationToken);
                return;
            }
            catch (NpgsqlException exception)
                when (exception.IsTransient && TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                DatabaseAway(logger, exception.Message);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database of Operations does not answer yet: {Reason}")]
    private static partial void DatabaseAway(ILogger logger, string reason);
}
