using Microsoft.Extensions.Logging;

namespace Portable.Messaging.Recoverability;

/// <summary>Counts failures in a row. From a number on, the endpoint is limited: one message at a time, with a pause
/// after each failure, until a message is handled.</summary>
/// <param name="threshold">Failures in a row that limit the endpoint.</param>
/// <param name="settings">Null: the endpoint is never limited.</param>
internal sealed class ConsecutiveFailures(int threshold, RateLimitSettings? settings, ILogger logger)
{
    private readonly Lock gate = new();
    private int failures;
    private TaskCompletionSource? limited;

    /// <summary>Ends at once, or, while the endpoint is limited, when it is no longer.</summary>
    public Task Unlimited => Volatile.Read(ref limited)?.Task ?? Task.CompletedTask;

    /// <summary>A message failed. Returns after the pause that is due.</summary>
    public async Task Add(CancellationToken cancellationToken)
    {
        if (settings is null)
        {
            return;
        }

        bool starts;
        lock (gate)
        {
            if (++failures < threshold)
            {
                return;
            }

            starts = limited is null;
            limited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (starts)
        {
            logger.LogWarning("{Count} messages failed in a row: one at a time from here on", threshold);
            await Tell(settings.OnRateLimitStarted, cancellationToken);
        }

        await Task.Delay(settings.TimeToWaitBetweenThrottledAttempts, cancellationToken);
    }

    /// <summary>A message was handled.</summary>
    public void End()
    {
        if (settings is null || Volatile.Read(ref failures) == 0)
        {
            return;
        }

        TaskCompletionSource? ended;
        lock (gate)
        {
            failures = 0;
            (ended, limited) = (limited, null);
        }

        if (ended is not null)
        {
            logger.LogInformation("Messages are handled again: no limit from here on");
            ended.SetResult();
            _ = Tell(settings.OnRateLimitEnded, CancellationToken.None);
        }
    }

    private async Task Tell(Func<CancellationToken, Task> callback, CancellationToken cancellationToken)
    {
        try
        {
            await callback(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(e, "The callback of the rate limit failed");
        }
    }
}
