using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Appending;

/// <summary>
/// Appends without a transaction of their caller. While a writer is busy, requests gather, and go together in one round
/// trip and one commit when it is free again; a request that meets a free writer goes at once. Nobody waits for a
/// timer.
/// </summary>
internal sealed class AppendQueue : IAsyncDisposable
{
    private readonly NpgsqlDataSource dataSource;
    private readonly ILogger logger;
    private readonly Channel<PendingAppend> pending;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task[] writers;

    public AppendQueue(NpgsqlDataSource dataSource, EventStoreOptions options, ILogger logger)
    {
        this.dataSource = dataSource;
        this.logger = logger;
        pending = Channel.CreateBounded<PendingAppend>(options.AppendQueueLength);
        writers = [.. Enumerable.Range(0, options.AppendWriters).Select(_ => Task.Run(Write))];
    }

    /// <summary>Waits for room in the queue, then for the answer.</summary>
    /// <exception cref="OperationCanceledException">
    /// Canceled; once a writer has taken the append, it may still be written.
    /// </exception>
    public async Task<AppendResult> Append(EncodedAppend append, CancellationToken cancellationToken)
    {
        var item = new PendingAppend(append, cancellationToken);
        await pending.Writer.WriteAsync(item, cancellationToken);
        return await item.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what was accepted, for ten seconds at most, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        pending.Writer.TryComplete();
        stopping.CancelAfter(TimeSpan.FromSeconds(10));
        await Task.WhenAll(writers);
        stopping.Dispose();
    }

    private async Task Write()
    {
        var gathering = new AppendGathering();
        while (gathering.HasDeferred || await pending.Reader.WaitToReadAsync())
        {
            var batch = gathering.Next(pending.Reader);
            if (batch.Count > 0)
                await Write(batch);
        }
    }

    private async Task Write(IReadOnlyList<PendingAppend> batch)
    {
        try
        {
            var results = await AppendRetry.Run(
                dataSource, [.. batch.Select(item => item.Append)], logger, stopping.Token);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Answer.TrySetResult(results[i]);
        }
        catch (Exception e) when (batch.Count > 1 && e is PostgresException or InvalidOperationException)
        {
            // The server refused the statement for the sake of one of them: nobody else shall suffer for it.
            foreach (var item in batch)
                await Write([item]);
        }
        catch (Exception e)
        {
            foreach (var item in batch)
                item.Answer.TrySetException(AppendRetry.Explain(e, item.Append));
        }
    }
}

/// <summary>An append that waits for its answer.</summary>
internal sealed record PendingAppend(EncodedAppend Append, CancellationToken CancellationToken)
{
    public TaskCompletionSource<AppendResult> Answer { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
