using Npgsql;
using Operations.Editing;
using Operations.Storage;
using RabbitMQ.Client.Exceptions;

namespace Operations.Bulk;

/// <summary>
/// Carries operations out, piece by piece and in turns, so that one message retried does not wait for a large group.
/// One worker at a time among all instances: it holds an advisory lock, and when it dies another goes on.
/// </summary>
internal sealed partial class BulkWorker(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
    BulkOperations operations,
    RetryRun retries,
    ArchiveRun archives,
    MessageEditor editor,
    ILogger<BulkWorker> logger) : BackgroundService
{
    /// <summary>Any number, the same for all instances.</summary>
    private const long Lock = 0x6f70776f726b;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await using var take = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection).With(Lock);
                if ((bool)(await take.ExecuteScalarAsync(stoppingToken))!)
                    await Work(connection, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (DatabaseFaults.MayPass(exception)
                || exception is RabbitMQClientException or IOException)
            {
                Interrupted(logger, exception.Message);
            }
            catch (Exception exception)
            {
                // A fault of this program; the next attempt says it again, and everything else goes on.
                Failed(logger, exception);
            }

            // A stop ends the pause, not the host.
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Work(NpgsqlConnection held, CancellationToken stoppingToken)
    {
        while (true)
        {
            // Fails when the connection is gone, and the lock with it: then another instance may be at work.
            await using (var alive = new NpgsqlCommand("select 1", held))
                await alive.ExecuteNonQueryAsync(stoppingToken);
            var underWay = await operations.UnderWay(stoppingToken);
            // What needs no broker is done while the broker is away.
            foreach (var operation in underWay.Where(operation => operation.Request.Kind != OperationKind.Retry))
                await archives.Step(operation, stoppingToken);
            foreach (var operation in underWay.Where(operation => operation.Request.Kind == OperationKind.Retry))
                await retries.Step(operation, stoppingToken);
            if (!await editor.SendWaiting(stoppingToken) && underWay.Count == 0)
                await operations.WaitForWork(Pause, stoppingToken);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Operations on messages are interrupted and go on in a moment: {Reason}")]
    private static partial void Interrupted(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Operations on messages failed; trying again")]
    private static partial void Failed(ILogger logger, Exception exception);
}
