namespace Portable.Messaging;

/// <summary>What becomes of a message whose handling failed.</summary>
public abstract class RecoverabilityAction
{
    protected internal RecoverabilityAction()
    {
    }

    /// <summary>Handle it again at once.</summary>
    public static ImmediateRetry ImmediateRetry() => Messaging.ImmediateRetry.Instance;

    /// <summary>Handle it again after a delay.</summary>
    public static DelayedRetry DelayedRetry(TimeSpan timeSpan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeSpan, TimeSpan.Zero);
        return new DelayedRetry(timeSpan);
    }

    /// <summary>Move it to the error queue.</summary>
    public static MoveToError MoveToError(string errorQueue)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(errorQueue);
        return new MoveToError(errorQueue);
    }

    /// <summary>Drop it.</summary>
    public static Discard Discard(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new Discard(reason);
    }
}

/// <summary>Handle the message again at once.</summary>
public class ImmediateRetry : RecoverabilityAction
{
    protected internal ImmediateRetry()
    {
    }

    internal static ImmediateRetry Instance { get; } = new();
}

/// <summary>Handle the message again after a delay.</summary>
public class DelayedRetry : RecoverabilityAction
{
    protected internal DelayedRetry(TimeSpan delay) => Delay = delay;

    public TimeSpan Delay { get; }
}

/// <summary>Move the message to the error queue.</summary>
public class MoveToError : RecoverabilityAction
{
    protected internal MoveToError(string errorQueue) => ErrorQueue = errorQueue;

    public string ErrorQueue { get; }
}

/// <summary>Drop the message.</summary>
public class Discard(string reason) : RecoverabilityAction
{
    public string Reason { get; } = reason;
}
