using EventStore;

namespace Projections.Engine.Running;

/// <summary>
/// Looks at the end of the log for all projections of the process: once a second while nothing happens, more often
/// while it grows. A model that has reached the position of a sample was complete at the sample's time.
/// </summary>
internal sealed class LogHead(IEventStore log, ILogger<LogHead> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    private volatile TaskCompletionSource<HeadSample> next = New();

    /// <summary>The last sample; null before the first.</summary>
    public HeadSample? Last { get; private set; }

    /// <summary>The next sample. Waits while the event store is away.</summary>
    public Task<HeadSample> Next(CancellationToken cancellationToken) => next.Task.WaitAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var before = Last;
            await Sample(stoppingToken);
            await Task.Delay(before?.Position == Last?.Position ? Idle : Busy, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Sample(CancellationToken cancellationToken)
    {
        try
        {
            // The time before the reading: what was appended since is not in it.
            var time = DateTimeOffset.UtcNow;
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(ReadTimeout);
            var sample = new HeadSample(await log.ReadHead(timeout.Token), time);
            Last = sample;
            Interlocked.Exchange(ref next, New()).SetResult(sample);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The end of the log cannot be read; trying again.");
        }
    }

    private static TaskCompletionSource<HeadSample> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The log's last safe position at a time.</summary>
internal sealed record HeadSample(long Position, DateTimeOffset Time);
