using System.Diagnostics;
using Npgsql;

namespace Workflows.Recovery;

/// <summary>
/// Where the database was restored, takes up what was under way in it: messages and timeouts were on a broker that
/// knows nothing of the restored state, or is new. Runs once for each restore, whichever instance starts first, and
/// again from the beginning where it was interrupted: everything it sends may come twice.
/// </summary>
internal sealed partial class AfterRestore(
    [FromKeyedServices("commerce")] NpgsqlDataSource database, UnfinishedWork work, ILogger<AfterRestore> logger)
    : BackgroundService
{
    /// <summary>Any number, the same for all instances: "RESUME".</summary>
    private const long Lock = 0x524553554d45;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await Resume(stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was (a server away, an event that cannot be read): orders wait for this, so it goes on
                // trying, and says so.
                Interrupted(logger, exception);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    private async Task Resume(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await IsPending(connection, cancellationToken))
            return;
        // Others wait, and then find it done.
        await Execute(connection, "select pg_advisory_lock($1)", cancellationToken, Lock);
        try
        {
            if (!await IsPending(connection, cancellationToken))
                return;
            var started = Stopwatch.GetTimestamp();
            var orders = await work.TakeUp(cancellationToken);
            await Execute(connection, Sql.Read("mark-resumed"), cancellationToken, (long)orders);
            Resumed(logger, orders, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        finally
        {
            await Execute(connection, "select pg_advisory_unlock($1)", CancellationToken.None, Lock);
        }
    }

    /// <summary>The table is made by the first restore.</summary>
    private static async Task<bool> IsPending(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var look = new NpgsqlCommand("select to_regclass('recovery.restores') is not null", connection);
        if (!(bool)(await look.ExecuteScalarAsync(cancellationToken))!)
            return false;
        await using var pending = new NpgsqlCommand(Sql.Read("is-pending"), connection);
        return (bool)(await pending.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task Execute(
        NpgsqlConnection connection, string statement, CancellationToken cancellationToken, long parameter)
    {
        // Without a limit: the lock may be another instance's for as long as that takes up ten thousand orders.
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = parameter });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The database was restored: {Orders} orders that were under way are taken up ({Seconds:0.0} s).")]
    private static partial void Resumed(ILogger logger, int orders, double seconds);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The database was restored, but what was under way could not be taken up yet; trying again.")]
    private static partial void Interrupted(ILogger logger, Exception exception);
}
