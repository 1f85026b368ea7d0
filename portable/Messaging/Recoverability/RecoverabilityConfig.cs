namespace Portable.Messaging;

/// <summary>How many immediate retries a failed message gets.</summary>
public class ImmediateConfig(int maxNumberOfRetries)
{
    public int MaxNumberOfRetries { get; } = maxNumberOfRetries;
}

/// <summary>How many delayed retries a failed message gets, and by how much each waits longer than the last.</summary>
public class DelayedConfig(int maxNumberOfRetries, TimeSpan timeIncrease)
{
    public int MaxNumberOfRetries { get; } = maxNumberOfRetries;

    public TimeSpan TimeIncrease { get; } = timeIncrease;
}

/// <summary>Where a message goes that failed for good, and which exceptions send it there at once.</summary>
public class FailedConfig(string errorQueue, HashSet<Type> unrecoverableExceptionTypes)
{
    public string ErrorQueue { get; } = errorQueue;

    public HashSet<Type> UnrecoverableExceptionTypes { get; } = unrecoverableExceptionTypes;
}

/// <summary>What a recoverability policy decides by.</summary>
public class RecoverabilityConfig(
    ImmediateConfig immediateConfig, DelayedConfig delayedConfig, FailedConfig failedConfig)
{
    public ImmediateConfig Immediate { get; } = immediateConfig;

    public DelayedConfig Delayed { get; } = delayedConfig;

    public FailedConfig Failed { get; } = failedConfig;
}
