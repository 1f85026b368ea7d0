using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventStore.Subscribing;

/// <summary>
/// Hears that something was appended anywhere, over one listening connection for all subscriptions of the process. The
/// signal is a hint: subscriptions look at the log by themselves after a while, and a lost connection is replaced.
/// </summary>
internal sealed class LogSignal(NpgsqlDataSource dataSource, ILogger logger) : IAsyncDisposable
{
    /// <summary>The channel of LISTEN and NOTIFY.</summary>
    public const string Channel = "eventstore_log";

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock starting = new();
    private volatile TaskCompletionSource next = New();
    private Task? listening;

    /// <summary>
    /// Completes at the next signal. Take it before looking at the log, so that no signal falls in between.
    /// </summary>
    public Task Next()
    {
        lock (starting)
            listening ??= Task.Run(Listen);
        return next.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (listening is not null)
            await listening;
        stopping.Dispose();
    }

    private async Task Listen()
    {
        var backoff = new Backoff();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ListenOnce(backoff);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogWarning(e, "The listening connection to the event store was lost; connecting again.");
                Signal();
                await backoff.Wait(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenOnce(Backoff backoff)
    {
        await using var connection = await dataSource.OpenConnectionAsync(stopping.Token);
        connection.Notification += (_, _) => Signal();
        await Execute($"listen {Channel}");
        backoff.Reset();
        Signal();
        while (true)
        {
            // Without news for a while, ask: a connection cut on the way stays silent for ever.
            if (!await connection.WaitAsync(ProbeInterval, stopping.Token))
                await Execute("select 1");
        }

        async Task Execute(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 10 };
            await command.ExecuteNonQueryAsync(stopping.Token);
        }
    }

    private void Signal() => Interlocked.Exchange(ref next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
