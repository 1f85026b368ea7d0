using Portable.Messaging.Transport;

namespace Portable.Messaging;

/// <summary>Immediate retries, then delayed ones for at most a day, then the error queue.</summary>
public static class DefaultRecoverabilityPolicy
{
    private static readonly TimeSpan LongestRetrying = TimeSpan.FromDays(1);

    public static RecoverabilityAction Invoke(RecoverabilityConfig config, ErrorContext errorContext)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(errorContext);
        foreach (var type in config.Failed.UnrecoverableExceptionTypes)
        {
            if (type.IsInstanceOfType(errorContext.Exception))
            {
                return RecoverabilityAction.MoveToError(config.Failed.ErrorQueue);
            }
        }

        if (errorContext.ImmediateProcessingFailures <= config.Immediate.MaxNumberOfRetries)
        {
            return RecoverabilityAction.ImmediateRetry();
        }

        var performed = errorContext.DelayedDeliveriesPerformed;
        return performed < config.Delayed.MaxNumberOfRetries && !RetriedTooLong(errorContext.Headers)
            ? RecoverabilityAction.DelayedRetry(config.Delayed.TimeIncrease * (performed + 1))
            : RecoverabilityAction.MoveToError(config.Failed.ErrorQueue);
    }

    private static bool RetriedTooLong(Dictionary<string, string> headers) =>
        headers.TryGetValue(Headers.DelayedRetriesTimestamp, out var first)
            && DateTimeOffsetHelper.TryParse(first, out var since)
            && DateTimeOffset.UtcNow - since > LongestRetrying;
}
