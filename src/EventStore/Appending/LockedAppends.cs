using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;

namespace EventStore.Appending;

/// <summary>
/// Appends that met a lock of somebody's open transaction. Each waits for it alone, on one of a few connections, so
/// that the writers go on with the others; who comes later to the same stream joins them here at once.
/// </summary>
internal sealed class LockedAppends : IAsyncDisposable
{
    private const int MaxConnections = 4;

    private static readonly string FindSql = Sql.Read("Appending/find_locked_streams.sql");

    /// <summary>How long to wait for a lock; behind it the append fails with 55P03 and has changed nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly TimeSpan patience;

    private readonly NpgsqlDataSource dataSource;
    private readonly Func<AppendRetry> connect;
    private readonly Channel<PendingAppend> waiting;
    private readonly CancellationToken stopping;
    private readonly ConcurrentDictionary<string, int> streams = new(StringComparer.Ordinal);
    private readonly List<Task> workers = [];

    public LockedAppends(
        NpgsqlDataSource dataSource, Func<AppendRetry> connect, int capacity, CancellationToken stopping)
    {
        this.dataSource = dataSource;
        this.connect = connect;
        this.stopping = stopping;
        patience = WithinCommand(dataSource.ConnectionString);
        waiting = Channel.CreateBounded<PendingAppend>(capacity);
    }

    /// <summary>Whether others wait for one of its streams.</summary>
    public bool Concerns(EncodedAppend append)
    {
        if (streams.IsEmpty)
            return false;
        foreach (var stream in append.Request.Streams)
        {
            if (streams.ContainsKey(stream.Stream))
                return true;
        }
        return false;
    }

    /// <summary>Takes those of a batch that have a locked stream.</summary>
    /// <returns>The others.</returns>
    public async Task<IReadOnlyList<PendingAppend>> Split(IReadOnlyList<PendingAppend> batch)
    {
        var locked = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await using var command = dataSource.CreateCommand(FindSql);
            command.Parameters.Add(new NpgsqlParameter<string[]>
            {
                TypedValue = [.. batch.SelectMany(item => item.Append.Request.Streams).Select(s => s.Stream)],
            });
            await using var reader = await command.ExecuteReaderAsync(stopping);
            while (await reader.ReadAsync(stopping))
                locked.Add(reader.GetString(0));
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            // Not known, then: the caller tries them one by one, and meets the failure where it lasts.
            return batch;
        }
        var free = new List<PendingAppend>(batch.Count);
        foreach (var item in batch)
        {
            if (item.Append.Request.Streams.Any(stream => locked.Contains(stream.Stream)))
                await Add(item);
            else
                free.Add(item);
        }
        return free;
    }

    /// <summary>Takes those that were put aside because <see cref="Concerns"/> said so.</summary>
    public async ValueTask TakeIn(AppendGathering gathering)
    {
        foreach (var item in gathering.TakeBehindLocks())
            await Add(item);
    }

    /// <summary>Waits for room.</summary>
    public async ValueTask Add(PendingAppend item)
    {
        foreach (var stream in item.Append.Request.Streams)
            streams.AddOrUpdate(stream.Stream, 1, static (_, count) => count + 1);
        await waiting.Writer.WriteAsync(item, CancellationToken.None);
        lock (workers)
        {
            if (workers.Count < MaxConnections)
                workers.Add(Task.Run(Work));
        }
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await Task.WhenAll(workers);
    }

    /// <summary>
    /// The server has to give up before the client does, which would then not know what became of it.
    /// </summary>
    private static TimeSpan WithinCommand(string connectionString)
    {
        var seconds = new NpgsqlConnectionStringBuilder(connectionString).CommandTimeout;
        return seconds > 0 && 0.8 * seconds < Patience.TotalSeconds ? TimeSpan.FromSeconds(0.8 * seconds) : Patience;
    }

    private async Task Work()
    {
        await using var database = connect();
        while (await waiting.Reader.WaitToReadAsync())
        {
            while (waiting.Reader.TryRead(out var item))
                await Write(item, database);
            await database.Release();
        }
    }

    private async Task Write(PendingAppend item, AppendRetry database)
    {
        try
        {
            if (!item.IsAbandoned())
                item.Answer((await database.Run([item.Append], patience, item.Since, stopping))[0]);
        }
        catch (Exception e)
        {
            item.Fail(e);
        }
        finally
        {
            foreach (var stream in item.Append.Request.Streams)
                Leave(stream.Stream);
        }
    }

    private void Leave(string stream)
    {
        while (streams.TryGetValue(stream, out var count))
        {
            if (count > 1 ? streams.TryUpdate(stream, count - 1, count) : streams.TryRemove(new(stream, count)))
                return;
        }
    }
}
