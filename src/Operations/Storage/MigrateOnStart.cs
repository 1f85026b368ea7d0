using Npgsql;

namespace Operations.Storage;

/// <summary>
/// Migrates before anything else starts. Where the database is away, everything starts all the same, to tell so:
/// alerts and figures need none. The schema then follows when the database is there.
/// </summary>
internal sealed partial class MigrateOnStart(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
    IHostApplicationLifetime lifetime,
    ILogger<MigrateOnStart> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private Task migrating = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        migrating = Migrate(stopping.Token);
        if (await Task.WhenAny(migrating, Task.Delay(Patience, cancellationToken)) == migrating)
            await migrating;
        else
            migrating = OrStop(migrating);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await migrating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => stopping.Dispose();

    private async Task Migrate(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Migrator.Migrate(database, cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (exception.IsTransient)
            {
                DatabaseAway(logger, exception.Message);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>A migration that fails ends the service, as it does at its start.</summary>
    private async Task OrStop(Task migration)
    {
        try
        {
            await migration;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failed(logger, exception);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database of Operations does not answer yet: {Reason}")]
    private static partial void DatabaseAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The database of Operations cannot be migrated; stopping")]
    private static partial void Failed(ILogger logger, Exception exception);
}
