using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Subscribing;

/// <summary>
/// Tells all processes that something was appended. Not from the appending transaction: a transaction that has called
/// NOTIFY commits under a lock of the whole database, one after the other, and the log would grow no faster than that.
/// So one announcement speaks for all appends of the last milliseconds, on a connection of its own, which does not wait
/// for the disk. An append in a caller's transaction is announced before it commits; readers see that it is open and
/// come back (see <see cref="Subscription"/>).
/// </summary>
internal sealed class LogAnnouncer : IAsyncDisposable
{
    private static readonly string AnnounceSql = Sql.Read("Subscribing/announce.sql");
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly NpgsqlDataSource dataSource;
    private readonly ILogger logger;
    private readonly SemaphoreSlim due = new(0, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task announcing;
    private int pending;

    public LogAnnouncer(NpgsqlDataSource dataSource, ILogger logger)
    {
        this.dataSource = dataSource;
        this.logger = logger;
        announcing = Task.Run(Announce);
    }

    /// <summary>Never waits, never fails.</summary>
    public void Appended()
    {
        if (Interlocked.Exchange(ref pending, 1) == 0)
            due.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await announcing;
        stopping.Dispose();
        // Not `due`: an append that was written at the last moment still calls Appended.
    }

    private async Task Announce()
    {
        try
        {
            while (true)
            {
                await due.WaitAsync(stopping.Token);
                Volatile.Write(ref pending, 0);
                await AnnounceOnce();
                await Task.Delay(Pause, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The store is going down; what was appended last is found by polling.
        }
    }

    private async Task AnnounceOnce()
    {
        try
        {
            await using var command = dataSource.CreateCommand(AnnounceSql);
            command.CommandTimeout = 5;
            await command.ExecuteNonQueryAsync(stopping.Token);
        }
        catch (NpgsqlException e)
        {
            logger.LogDebug(e, "An announcement was lost; subscriptions find the events by polling.");
        }
    }
}
