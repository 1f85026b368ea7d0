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
    private static readonly TimeSpan ShortestChase = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestChase = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Guid, Waiting> waiting = new();
    private readonly TaskCompletionSource firstWaiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int waiters;

    public async Task<CommandStatus?> WaitUntilDone(
        Guid commandId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref waiters) > options.MaxWaiters)
        {
            Interlocked.Decrement(ref waiters);
            return null;
        }

        var entry = waiting.AddOrUpdate(
            commandId, _ => new Waiting(), (_, present) => present with { Count = present.Count + 1 });
        try
        {
            firstWaiter.TrySetResult();
            // Looked at after registering: what is done later than this look is heard of.
            if (await Look(commandId, cancellationToken) is [{ IsDone: true } done])
                return done;
            return await entry.Done.Task.WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref waiters);
            Leave(commandId);
        }
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
        // Told of and not seen done yet. Notifications are delivered inside the query and the wait, on this loop: the
        // set needs no lock, and those that came during the query are read together by the next.
        HashSet<Guid> heard = [];
        var chase = ShortestChase;
        connection.Notification += (_, notification) =>
        {
            foreach (var id in CommandAnnouncer.Read(notification.Payload))
            {
                if (waiting.ContainsKey(id) && heard.Add(id))
                    chase = ShortestChase;
            }
        };
        await using (var listen = new NpgsqlCommand(SqlFile.Listen, connection))
            await listen.ExecuteNonQueryAsync(stoppingToken);

        var checkedAll = 0L;
        while (true)
        {
            var due = checkedAll == 0 || Stopwatch.GetElapsedTime(checkedAll) >= options.PollInterval;
            Guid[] ids = due ? [.. waiting.Keys] : [.. heard];
            if (due)
                checkedAll = Stopwatch.GetTimestamp();
            if (ids.Length > 0)
                heard.ExceptWith(await Wake(connection, ids, stoppingToken));
            heard.RemoveWhere(id => !waiting.ContainsKey(id));
            if (heard.Count == 0)
            {
                await connection.WaitAsync(options.PollInterval, stoppingToken);
            }
            else if (!await connection.WaitAsync(chase, stoppingToken))
            {
                // Announced, but not committed yet: nobody will announce the commit, so look again soon.
                chase = chase * 2 < LongestChase ? chase * 2 : LongestChase;
            }
        }
    }

    /// <returns>Those that are done.</returns>
    private async Task<List<Guid>> Wake(
        NpgsqlConnection connection, Guid[] commandIds, CancellationToken stoppingToken)
    {
        List<Guid> done = [];
        foreach (var status in await StatusQuery.Run(connection, commandIds, stoppingToken))
        {
            if (!status.IsDone)
                continue;
            done.Add(status.CommandId);
            if (waiting.TryGetValue(status.CommandId, out var entry))
                entry.Done.TrySetResult(status);
        }

        return done;
    }

    private async Task<List<CommandStatus>> Look(Guid commandId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await StatusQuery.Run(connection, [commandId], cancellationToken);
    }

    private void Leave(Guid commandId)
    {
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

    /// <summary>Callers that wait for one command, and what they wait on.</summary>
    private sealed record Waiting(int Count, TaskCompletionSource<CommandStatus> Done)
    {
        public Waiting() : this(1, new(TaskCreationOptions.RunContinuationsAsynchronously)) { }
    }
}
