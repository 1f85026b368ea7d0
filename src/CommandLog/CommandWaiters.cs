using System.Collections.Concurrent;
using System.Diagnostics;
using CommandLog.Sql;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CommandLog;

/// <summary>
/// Wakes those who wait for commands. One connection listens for the whole process; what it hears of is read in one
/// query for all. Notifications are a hint only: after a reconnect, and every poll interval, all who wait are checked.
/// </summary>
internal sealed partial class CommandWaiters(
    NpgsqlDataSource database, CommandLogOptions options, ILogger<CommandWaiters> logger) : BackgroundService
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Guid, Waiting> waiting = new();
    private readonly TaskCompletionSource firstWaiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int waiters;

    /// <summary>
    /// Begins to wait: an outcome that is announced from now on is heard of. Who comes when it may be announced already
    /// has to look once by himself.
    /// </summary>
    /// <returns>Null where <see cref="CommandLogOptions.MaxWaiters"/> wait already.</returns>
    public Waiter? Enter(Guid commandId)
    {
        if (Interlocked.Increment(ref waiters) > options.MaxWaiters)
        {
            Interlocked.Decrement(ref waiters);
            return null;
        }

        var entry = waiting.AddOrUpdate(
            commandId, _ => new Waiting(), (_, present) => present with { Count = present.Count + 1 });
        firstWaiter.TrySetResult();
        return new Waiter(this, commandId, entry.Done.Task);
    }

    public async Task<CommandStatus?> WaitUntilDone(
        Guid commandId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var waiter = Enter(commandId);
        if (waiter is null)
            return null;
        return await Look(commandId, cancellationToken) is [{ IsDone: true } done]
            ? done
            : await waiter.Done(timeout, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Services that only record outcomes never pay for the connection.
        await firstWaiter.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                ConnectionLost(logger, exception.Message);
                await Task.Delay(ReconnectPause, stoppingToken);
            }
        }
    }

    private async Task Listen(CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        // Notifications are delivered inside the query and the wait, on this loop: the set needs no lock, and those that
        // came during the query are read together by the next.
        HashSet<Guid> heard = [];
        connection.Notification += (_, notification) =>
            heard.UnionWith(CommandAnnouncer.Read(notification.Payload).Where(waiting.ContainsKey));
        await using (var listen = new NpgsqlCommand(SqlFile.Listen, connection))
            await listen.ExecuteNonQueryAsync(stoppingToken);

        var checkedAll = 0L;
        while (true)
        {
            var due = checkedAll == 0 || Stopwatch.GetElapsedTime(checkedAll) >= options.PollInterval;
            Guid[] ids = due ? [.. waiting.Keys] : [.. heard];
            if (due)
                checkedAll = Stopwatch.GetTimestamp();
            heard.Clear();
            if (ids.Length > 0)
                await Wake(connection, ids, stoppingToken);
            if (heard.Count == 0)
                await connection.WaitAsync(options.PollInterval, stoppingToken);
        }
    }

    private async Task Wake(NpgsqlConnection connection, Guid[] commandIds, CancellationToken stoppingToken)
    {
        foreach (var status in await StatusQuery.Run(connection, commandIds, stoppingToken))
        {
            if (status.IsDone && waiting.TryGetValue(status.CommandId, out var entry))
                entry.Done.TrySetResult(status);
        }
    }

    private async Task<List<CommandStatus>> Look(Guid commandId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await StatusQuery.Run(connection, [commandId], cancellationToken);
    }

    private void Leave(Guid commandId)
    {
        Interlocked.Decrement(ref waiters);
        while (waiting.TryGetValue(commandId, out var entry))
        {
            var left = entry.Count == 1
                ? waiting.TryRemove(new(commandId, entry))
                : waiting.TryUpdate(commandId, entry with { Count = entry.Count - 1 }, entry);
            if (left)
                return;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Lost the connection that hears of finished commands; connecting again. {Reason}")]
    private static partial void ConnectionLost(ILogger logger, string reason);

    /// <summary>A caller that waits for a command, until it is disposed of.</summary>
    internal sealed class Waiter(CommandWaiters waiters, Guid commandId, Task<CommandStatus> done) : IDisposable
    {
        /// <returns>The outcome; null where it did not come in time.</returns>
        public async Task<CommandStatus?> Done(TimeSpan timeout, CancellationToken cancellationToken)
        {
            try
            {
                return await done.WaitAsync(timeout, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        public void Dispose() => waiters.Leave(commandId);
    }

    /// <summary>Callers that wait for one command, and what they wait on.</summary>
    private sealed record Waiting(int Count, TaskCompletionSource<CommandStatus> Done)
    {
        public Waiting() : this(1, new(TaskCreationOptions.RunContinuationsAsynchronously)) { }
    }
}
