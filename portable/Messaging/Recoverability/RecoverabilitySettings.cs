using Portable.Messaging.Faults;
using Portable.Messaging.Transport;

namespace Portable.Messaging;

/// <summary>What becomes of messages whose handling fails: by default 5 immediate retries, then 3 delayed ones after
/// 10, 20 and 30 seconds, then the error queue.</summary>
public class RecoverabilitySettings
{
    private readonly ImmediateRetriesSettings immediate;
    private readonly DelayedRetriesSettings delayed;
    private readonly RetryFailedSettings failed;

    internal RecoverabilitySettings()
    {
        immediate = new ImmediateRetriesSettings();
        delayed = new DelayedRetriesSettings();
        failed = new RetryFailedSettings();
    }

    internal ImmediateRetriesSettings ImmediateRetries => immediate;

    internal DelayedRetriesSettings DelayedRetries => delayed;

    internal RetryFailedSettings FailedMessages => failed;

    internal int ConsecutiveFailures { get; private set; } = int.MaxValue;

    internal RateLimitSettings? RateLimit { get; private set; }

    internal HashSet<Type> UnrecoverableExceptions { get; } = [typeof(MessageDeserializationException)];

    internal Func<RecoverabilityConfig, ErrorContext, RecoverabilityAction> Policy { get; private set; } =
        DefaultRecoverabilityPolicy.Invoke;

    public RecoverabilitySettings Immediate(Action<ImmediateRetriesSettings> customizations)
    {
        ArgumentNullException.ThrowIfNull(customizations);
        customizations(immediate);
        return this;
    }

    public RecoverabilitySettings Delayed(Action<DelayedRetriesSettings> customizations)
    {
        ArgumentNullException.ThrowIfNull(customizations);
        customizations(delayed);
        return this;
    }

    public RecoverabilitySettings Failed(Action<RetryFailedSettings> customizations)
    {
        ArgumentNullException.ThrowIfNull(customizations);
        customizations(failed);
        return this;
    }

    /// <summary>Decides every failure; <see cref="DefaultRecoverabilityPolicy"/> is what it replaces.</summary>
    public RecoverabilitySettings CustomPolicy(
        Func<RecoverabilityConfig, ErrorContext, RecoverabilityAction> @custom)
    {
        ArgumentNullException.ThrowIfNull(@custom);
        Policy = @custom;
        return this;
    }

    /// <summary>Exceptions of this type (or derived) send the message to the error queue without a retry.</summary>
    public RecoverabilitySettings AddUnrecoverableException<T>()
        where T : Exception =>
        AddUnrecoverableException(typeof(T));

    /// <summary>Exceptions of this type (or derived) send the message to the error queue without a retry.</summary>
    public RecoverabilitySettings AddUnrecoverableException(Type exceptionType)
    {
        ArgumentNullException.ThrowIfNull(exceptionType);
        if (!typeof(Exception).IsAssignableFrom(exceptionType))
        {
            throw new ArgumentException($"{exceptionType.FullName} is not an exception.", nameof(exceptionType));
        }

        UnrecoverableExceptions.Add(exceptionType);
        return this;
    }

    /// <summary>Slows the endpoint down after so many failures in a row, until a message is handled.</summary>
    public RecoverabilitySettings OnConsecutiveFailures(int numberOfConsecutiveFailures, RateLimitSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (ConsecutiveFailures, RateLimit) = (numberOfConsecutiveFailures, settings);
        return this;
    }

    internal RecoverabilityConfig ToConfig(string errorQueue) => new(
        new ImmediateConfig(immediate.Retries),
        new DelayedConfig(delayed.Retries, delayed.Increase),
        new FailedConfig(errorQueue, UnrecoverableExceptions));
}

/// <summary>Immediate retries.</summary>
public class ImmediateRetriesSettings
{
    internal ImmediateRetriesSettings()
    {
    }

    internal int Retries { get; private set; } = 5;

    internal Func<ImmediateRetryMessage, CancellationToken, Task>? Retried { get; private set; }

    public void NumberOfRetries(int numberOfRetries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numberOfRetries);
        Retries = numberOfRetries;
    }

    public ImmediateRetriesSettings OnMessageBeingRetried(
        Func<ImmediateRetryMessage, CancellationToken, Task> notificationCallback)
    {
        ArgumentNullException.ThrowIfNull(notificationCallback);
        Retried += notificationCallback;
        return this;
    }
}

/// <summary>Delayed retries.</summary>
public class DelayedRetriesSettings
{
    internal DelayedRetriesSettings()
    {
    }

    internal int Retries { get; private set; } = 3;

    internal TimeSpan Increase { get; private set; } = TimeSpan.FromSeconds(10);

    internal Func<DelayedRetryMessage, CancellationToken, Task>? Retried { get; private set; }

    public DelayedRetriesSettings NumberOfRetries(int numberOfRetries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numberOfRetries);
        Retries = numberOfRetries;
        return this;
    }

    public DelayedRetriesSettings TimeIncrease(TimeSpan timeIncrease)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeIncrease, TimeSpan.Zero);
        Increase = timeIncrease;
        return this;
    }

    public DelayedRetriesSettings OnMessageBeingRetried(
        Func<DelayedRetryMessage, CancellationToken, Task> notificationCallback)
    {
        ArgumentNullException.ThrowIfNull(notificationCallback);
        Retried += notificationCallback;
        return this;
    }
}

/// <summary>Messages on their way to the error queue.</summary>
public class RetryFailedSettings
{
    internal RetryFailedSettings()
    {
    }

    internal Action<Dictionary<string, string>>? Customization { get; private set; }

    internal Func<FailedMessage, CancellationToken, Task>? SentToErrorQueue { get; private set; }

    public RetryFailedSettings HeaderCustomization(Action<Dictionary<string, string>> customization)
    {
        ArgumentNullException.ThrowIfNull(customization);
        Customization = customization;
        return this;
    }

    /// <summary>Called after a message has reached the error queue.</summary>
    public RetryFailedSettings OnMessageSentToErrorQueue(
        Func<FailedMessage, CancellationToken, Task> notificationCallback)
    {
        ArgumentNullException.ThrowIfNull(notificationCallback);
        SentToErrorQueue += notificationCallback;
        return this;
    }
}

/// <summary>Settings of what becomes of failed messages.</summary>
public static class RecoverabilityEndpointConfigurationExtensions
{
    public static RecoverabilitySettings Recoverability(this EndpointConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.RecoverabilitySettings;
    }
}
