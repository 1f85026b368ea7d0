using System.Diagnostics;
using System.Threading.Channels;
using EventStore.Partitions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Appending;

/// <summary>
/// Appends without a transaction of their caller. While a writer is busy, requests gather, and go together in one round
/// trip and one commit when it is free again; a request that meets a free writer goes at once. Nobody waits for a
/// timer. A batch that meets a lock of somebody's open transaction doesn't wait for it: those concerned go on alone
/// (<see cref="LockedAppends"/>), the others without them.
/// </summary>
internal sealed class AppendQueue : IAsyncDisposable
{
    /// <summary>Longer than a batch of another writer holds its locks, as a rule.</summary>
    private static readonly TimeSpan BatchPatience = TimeSpan.FromMilliseconds(25);

    /// <summary>A fraction of what a batch takes.</summary>
    private static readonly TimeSpan ReturnTime = TimeSpan.FromMicroseconds(300);

    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(2);

    private readonly Channel<PendingAppend> pending;
    private readonly CancellationTokenSource stopping = new();
    private readonly LockedAppends locked;
    private readonly Func<AppendRetry> connect;
    private readonly TimeSpan patience;
    private readonly Task[] writers;

    public AppendQueue(
        NpgsqlDataSource dataSource, PartitionKeeper partitions, EventStoreOptions options, ILogger logger)
    {
        patience = options.AppendPatience;
        connect = () => new AppendRetry(dataSource, partitions, patience, logger);
        pending = Channel.CreateBounded<PendingAppend>(options.AppendQueueLength);
        locked = new LockedAppends(dataSource, connect, options.AppendQueueLength, stopping.Token);
        writers = [.. Enumerable.Range(0, options.AppendWriters).Select(_ => Task.Run(Write))];
    }

    /// <summary>Waits for room in the queue, then for the answer.</summary>
    /// <exception cref="OperationCanceledException">
    /// Canceled; once a writer has taken the append, it may still be written.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<AppendResult> Append(EncodedAppend append, CancellationToken cancellationToken)
    {
        var item = new PendingAppend(append, patience, cancellationToken);
        try
        {
            await pending.Writer.WriteAsync(item, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(PostgresEventStore), "The event store is closed.");
        }
        return await (cancellationToken.CanBeCanceled ? item.Task.WaitAsync(cancellationToken) : item.Task);
    }

    /// <summary>Writes what was accepted, for ten seconds at most, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        pending.Writer.TryComplete();
        stopping.CancelAfter(TimeSpan.FromSeconds(10));
        await Task.WhenAll(writers);
        await locked.DisposeAsync();
        stopping.Dispose();
    }

    private async Task Write()
    {
        var gathering = new AppendGathering();
        await using var database = connect();
        var answered = 0;
        while (gathering.HasDeferred || await Wait(database))
        {
            await LetReturn(answered);
            var batch = gathering.Next(pending.Reader, locked);
            if (batch.Count > 0)
                await Write(batch, database);
            answered = batch.Count;
            await locked.TakeIn(gathering);
        }
    }

    /// <summary>
    /// Callers that were answered together may come back together. Whoever is there first would go at once, in a small
    /// batch, and the rest would wait for it; so the writer lets the others run for a moment. After a batch of one,
    /// which is what light load makes, it doesn't.
    /// </summary>
    private async ValueTask LetReturn(int answered)
    {
        if (answered < 2)
            return;
        var start = Stopwatch.GetTimestamp();
        while (pending.Reader.Count < answered && Stopwatch.GetElapsedTime(start) < ReturnTime)
            await Task.Yield();
    }

    /// <summary>Waits for appends, with the connection given back meanwhile if it takes long.</summary>
    private async ValueTask<bool> Wait(AppendRetry database)
    {
        var waiting = pending.Reader.WaitToReadAsync();
        if (waiting.IsCompleted || !database.HoldsConnection)
            return await waiting;
        var more = waiting.AsTask();
        using var idle = new CancellationTokenSource();
        if (await Task.WhenAny(more, Task.Delay(IdleConnection, idle.Token)) != more)
            await database.Release();
        await idle.CancelAsync();
        return await more;
    }

    private async Task Write(IReadOnlyList<PendingAppend> batch, AppendRetry database)
    {
        try
        {
            var results = await database.Run(
                [.. batch.Select(item => item.Append)], BatchPatience, batch.Min(item => item.Since), stopping.Token);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Answer(results[i]);
        }
        catch (PostgresException e) when (AppendRetry.IsLocked(e))
        {
            var free = await locked.Split(batch);
            if (free.Count == batch.Count)
            {
                // None stands out (a key, or a stream that is being made): each for itself shows which.
                foreach (var item in free)
                    await WriteAlone(item, database);
            }
            else if (free.Count > 0)
            {
                await Write(free, database);
            }
        }
        catch (Exception e) when (batch.Count > 1 && e is PostgresException)
        {
            // The server refused the statement for the sake of one of them: nobody else shall suffer for it.
            foreach (var item in batch)
                await WriteAlone(item, database);
        }
        catch (Exception e)
        {
            foreach (var item in batch)
                item.Fail(e);
        }
    }

    private async Task WriteAlone(PendingAppend item, AppendRetry database)
    {
        // The others before it may have taken long.
        if (item.IsAbandoned())
            return;
        try
        {
            item.Answer((await database.Run([item.Append], BatchPatience, item.Since, stopping.Token))[0]);
        }
        catch (PostgresException e) when (AppendRetry.IsLocked(e))
        {
            await locked.Add(item);
        }
        catch (Exception e)
        {
            item.Fail(e);
        }
    }
}
