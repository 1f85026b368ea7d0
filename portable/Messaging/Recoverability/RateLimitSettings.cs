namespace Portable.Messaging;

/// <summary>What an endpoint does while everything fails: it handles one message at a time and waits between
/// attempts.</summary>
/// <param name="timeToWaitBetweenThrottledAttempts">One second by default.</param>
/// <param name="onRateLimitStarted">Called when it slows down.</param>
/// <param name="onRateLimitEnded">Called when a message has been handled and it goes on at full speed.</param>
public class RateLimitSettings(
    TimeSpan? timeToWaitBetweenThrottledAttempts = null,
    Func<CancellationToken, Task>? onRateLimitStarted = null,
    Func<CancellationToken, Task>? onRateLimitEnded = null)
{
    public TimeSpan TimeToWaitBetweenThrottledAttempts { get; } =
        timeToWaitBetweenThrottledAttempts ?? TimeSpan.FromSeconds(1);

    public Func<CancellationToken, Task> OnRateLimitStarted { get; } =
        onRateLimitStarted ?? (_ => Task.CompletedTask);

    public Func<CancellationToken, Task> OnRateLimitEnded { get; } = onRateLimitEnded ?? (_ => Task.CompletedTask);
}
