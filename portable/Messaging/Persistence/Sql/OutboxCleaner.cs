using Microsoft.Extensions.Logging;
using Npgsql;
using Portable.Messaging.Outbox;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Deletes expired deduplication records in the background.</summary>
internal sealed class OutboxCleaner(
    SqlConnections connections, OutboxTable outbox, OutboxSettings settings, ILogger logger) : IAsyncDisposable
{
    private const int BatchSize = 4000;

    private readonly CancellationTokenSource stopping = new();
    private Task cleaning = Task.CompletedTask;

    public void Start()
    {
        if (!settings.CleanupDisabled)
        {
            cleaning = Task.Run(Run);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await cleaning;
        stopping.Dispose();
    }

    private async Task Run()
    {
        using var timer = new PeriodicTimer(settings.CleanupEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                await Clean(stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            logger.LogDebug("Cleaning of {Table} ends", outbox.Name);
        }
    }

    private async Task Clean(CancellationToken cancellationToken)
    {
        try
        {
            var deleted = BatchSize;
            while (deleted == BatchSize)
            {
                await using var connection = await connections.Open(cancellationToken);
                await using var command = new NpgsqlCommand(
                    SqlText.Load("forget-handled", ("outbox", outbox.Name)), connection);
                command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = settings.KeepFor });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
                deleted = await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            logger.LogWarning(
                e, "Expired records of {Table} could not be deleted; the next attempt follows", outbox.Name);
        }
    }
}
